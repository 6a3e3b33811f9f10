package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The texts behind the names of prepared statements and portals of one connection. For one thread at a time. */
final class Statements {
    /** When there are more names than this, the oldest are forgotten and their statements not recognized. */
    static final int NAMES_MAX = 1024;

    private final Map<String, String> statements = new Names();
    private final Map<String, String> portals = new Names();

    /** Notes a Parse. */
    void prepared(ByteBuffer body) {
        statements.put(Messages.text(body), Messages.text(body));
    }

    /** Notes a Bind. */
    void bound(ByteBuffer body) {
        String portal = Messages.text(body);
        String text = statements.get(Messages.text(body));
        if (text == null) {
            portals.remove(portal);
        } else {
            portals.put(portal, text);
        }
    }

    /** Notes a Close. */
    void closed(ByteBuffer body) {
        if (body.hasRemaining()) {
            Map<String, String> names = body.get() == 'S' ? statements : portals;
            names.remove(Messages.text(body));
        }
    }

    /** The text that an Execute runs. */
    Optional<String> executed(ByteBuffer body) {
        return Optional.ofNullable(portals.get(Messages.text(body)));
    }

    private static final class Names extends LinkedHashMap<String, String> {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > NAMES_MAX;
        }
    }
}

package org.pgrehearse.scenarios.external;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** What makes a database look like one that people depend on. A function of what is known; it asks nobody. */
final class ProductionSigns {
    /** More client sessions than a few people's. */
    static final long SESSIONS_MAX = 10;
    /** A rehearsal's copy is seldom larger. */
    static final long BYTES_MAX = 100L << 30;
    /** An idle server writes a few kilobytes a second at most. */
    static final long WAL_BYTES_PER_SECOND_MAX = 1L << 20;

    private static final Pattern PRODUCTION =
            Pattern.compile("(^|[^a-z])(prod|production|prd|live|primary|master)([^a-z]|$)");
    private static final Pattern HARMLESS = Pattern.compile(
            "(^|[^a-z])(stage|staging|test|testing|dev|qa|sandbox|rehearsal|nonprod|preprod|non|pre)" + "([^a-z]|$)");

    private ProductionSigns() {}

    /** Each sign in words; none for a database that shows none. */
    static List<String> of(String host, ServerFacts facts) {
        List<String> signs = new ArrayList<>();
        if (isTelling(host)) {
            signs.add("its host is named " + host);
        }
        if (isTelling(facts.database())) {
            signs.add("the database is named " + facts.database());
        }
        if (facts.sessions() > SESSIONS_MAX) {
            signs.add(facts.sessions() + " sessions of others are connected to it");
        }
        if (facts.consumers() > 0) {
            signs.add(facts.consumers() + " replication slots or receivers depend on the server");
        }
        if (facts.bytes() > BYTES_MAX) {
            signs.add("it holds " + (facts.bytes() >> 30) + " GiB");
        }
        if (facts.walBytesPerSecond() > WAL_BYTES_PER_SECOND_MAX) {
            signs.add("the server writes " + (facts.walBytesPerSecond() >> 10) + " KiB of WAL a second");
        }
        return signs;
    }

    private static boolean isTelling(String name) {
        String small = name.toLowerCase(Locale.ROOT);
        return PRODUCTION.matcher(small).find() && !HARMLESS.matcher(small).find();
    }
}

package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Requests that fail on purpose. In place of the client's request the server gets one that names something that does
 * not exist, so it fails there as any other would: an open transaction is aborted, a pipeline skipped, and the server
 * says itself when it is ready. Its error is recognized by that name, and becomes the one that was ordered. Guarded by
 * the connection's lock.
 */
final class Failures {
    /** Older ones are forgotten, and their errors shown as the server tells them. */
    private static final int PENDING_MAX = 64;

    private static final String TEXT = "failure injected by pgrehearse";

    private final Deque<Pending> pending = new ArrayDeque<>();
    private final String prefix;
    private long number;
    private byte latest;

    private record Pending(String name, Ambush ambush, String sqlState) {}

    /**
     * None yet.
     *
     * @param connection part of the names, so that messages tell which connection was meant
     */
    Failures(long connection) {
        this.prefix = "pgrehearse_fault_" + connection + "_";
    }

    /** Notes what kind of message the client sent last. */
    void asked(byte type) {
        latest = type;
    }

    /** What goes to the server in place of the client's latest message. */
    byte[] replacement(Ambush ambush, String sqlState) {
        String name = prefix + ++number;
        pending.addLast(new Pending(name, ambush, sqlState));
        if (pending.size() > PENDING_MAX) {
            pending.removeFirst();
        }
        return switch (latest) {
            case 'Q' -> Messages.query("EXECUTE " + name);
            case 'E' -> Messages.execute(name);
            default -> Messages.copyFail(name);
        };
    }

    /** What the client gets in place of this error; empty when it is none of ours. */
    Optional<byte[]> told(ByteBuffer error) {
        if (pending.isEmpty()) {
            return Optional.empty();
        }
        String text = StandardCharsets.UTF_8.decode(error).toString();
        for (Iterator<Pending> all = pending.iterator(); all.hasNext(); ) {
            Pending one = all.next();
            if (names(text, one.name())) {
                all.remove();
                one.ambush().bit();
                return Optional.of(Messages.problem("ERROR", one.sqlState(), TEXT));
            }
        }
        return Optional.empty();
    }

    /** Whether the name is there and is not the beginning of a longer one. */
    private static boolean names(String text, String name) {
        int start = text.indexOf(name);
        int end = start + name.length();
        return start >= 0 && (end >= text.length() || !Character.isDigit(text.charAt(end)));
    }
}

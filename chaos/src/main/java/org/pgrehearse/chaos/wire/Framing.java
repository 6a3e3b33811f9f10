package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one direction's bytes into messages. The head of a message is held back until it is read; of everything else
 * nothing is. For one thread at a time.
 */
final class Framing {
    /** A startup packet may be this long. */
    static final int STARTUP_BYTES_MAX = 10_000;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** Bytes that were not decided about yet: the beginning of a head, or what is behind a strike. */
    private ByteBuffer held = NOTHING;
    /** Bytes of the message at hand that pass. */
    private int toPass;
    /** Bytes of the message at hand behind those that pass; they come after the strike. */
    private int behind;
    /** Bytes of the message at hand that vanish. */
    private int toDrop;

    private @Nullable Ambush strike;
    private boolean opaque;

    /** What somebody wants to know about messages. */
    interface Reader {
        /** A number of bytes that says: do not show me such messages. */
        int UNINTERESTING = -1;

        /** Whether the messages have no type yet, as the first ones of a client. */
        boolean isStartingUp();

        /** How many bytes of the body are to be read of a message of this type. */
        int bytesOfInterest(byte type);

        /**
         * Reads the beginning of a message; answers how to go on.
         *
         * @param messageBytes all of it, with type and length
         */
        Step read(byte type, ByteBuffer head, int messageBytes);

        /** The bytes do not make sense any more, and nothing is read from now on. */
        void lost();
    }

    /** How to go on after a message was read. */
    sealed interface Step {
        /** It passes. */
        record Next() implements Step {}

        /** It passes, and what follows is no longer in this protocol. */
        record Opaque() implements Step {}

        /** It passes as far as this many bytes; then something happens. */
        record Strike(int afterBytes, Ambush by) implements Step {}

        /** This goes in its place. */
        record Replace(ByteBuffer by) implements Step {}
    }

    /**
     * What was made of some bytes.
     *
     * @param added how many of those that go on came from no peer
     * @param strike what happens now, before anything else of this direction goes on
     * @param more whether {@link #take} is to be asked again, with no bytes
     */
    record Taken(
            ByteBuffer forward,
            int dropped,
            int added,
            @Nullable Ambush strike,
            boolean more) {}

    /** Takes bytes and answers what can go on of them and of those held back before. */
    Taken take(ByteBuffer bytes, Reader reader) {
        ByteBuffer all = join(held, bytes);
        held = NOTHING;
        if (opaque) {
            return forward(all, all.limit());
        }
        if (toDrop > 0) {
            return drop(all);
        }
        int position = 0;
        while (true) {
            int pass = Math.min(toPass, all.limit() - position);
            position += pass;
            toPass -= pass;
            if (toPass > 0) {
                return forward(all, position);
            }
            Ambush struck = strike;
            if (struck != null) {
                strike = null;
                hold(all, position);
                return new Taken(all.slice(0, position), 0, 0, struck, false);
            }
            Optional<Taken> end = next(all, position, reader);
            if (end.isPresent()) {
                return end.orElseThrow();
            }
        }
    }

    /** Looks at the message that begins here. Answers what was taken when it cannot go on at once. */
    private Optional<Taken> next(ByteBuffer all, int position, Reader reader) {
        int typeBytes = reader.isStartingUp() ? 0 : 1;
        int header = typeBytes + Integer.BYTES;
        int there = all.limit() - position;
        if (there < header) {
            hold(all, position);
            return Optional.of(forward(all, position));
        }
        byte type = typeBytes == 0 ? 0 : all.get(position);
        int length = all.getInt(position + typeBytes);
        if (length < Integer.BYTES || (typeBytes == 0 && length > STARTUP_BYTES_MAX)) {
            reader.lost();
            opaque = true;
            return Optional.of(forward(all, all.limit()));
        }
        // A length near the maximum of an int must not overflow into a negative one.
        int total = (int) Math.min(Integer.MAX_VALUE, (long) typeBytes + length);
        int wanted = typeBytes == 0 ? total : reader.bytesOfInterest(type);
        if (wanted == Reader.UNINTERESTING) {
            toPass = total;
            return Optional.empty();
        }
        int head = Math.min(total - header, wanted);
        if (there < header + head) {
            hold(all, position);
            return Optional.of(forward(all, position));
        }
        Step step = reader.read(type, all.slice(position + header, head), total);
        switch (step) {
            case Step.Next _next -> toPass = total;
            case Step.Opaque _opaque -> {
                opaque = true;
                return Optional.of(forward(all, all.limit()));
            }
            case Step.Strike(int afterBytes, Ambush by) -> {
                toPass = afterBytes;
                behind = total - afterBytes;
                strike = by;
            }
            case Step.Replace(ByteBuffer by) -> {
                return Optional.of(replace(all, position, total, by));
            }
        }
        return Optional.empty();
    }

    /** Lets the rest of the message pass at which it struck. */
    void goOn() {
        toPass = behind;
        behind = 0;
    }

    /** Lets the rest of the message vanish at which it struck. */
    void swallow() {
        toDrop = behind;
        behind = 0;
    }

    /** Lets the message at hand pass to its end and nothing behind it; answers what can go on. */
    ByteBuffer finish(ByteBuffer bytes) {
        ByteBuffer all = join(rest(), bytes);
        int pass = Math.min(toPass, all.limit());
        toPass -= pass;
        return all.slice(0, pass);
    }

    /** From now on nothing is understood any more. */
    void giveUp() {
        opaque = true;
    }

    /** Whether what has gone on until now ends with a whole message. */
    boolean isBetweenMessages() {
        return toPass == 0 && behind == 0;
    }

    /** Hands out, once, what is held back. */
    ByteBuffer rest() {
        ByteBuffer rest = held;
        held = NOTHING;
        return rest;
    }

    private Taken replace(ByteBuffer all, int position, int total, ByteBuffer by) {
        int length = by.remaining();
        ByteBuffer forward = ByteBuffer.allocate(position + length)
                .put(all.slice(0, position))
                .put(by)
                .flip();
        hold(all, position);
        toDrop = total;
        return new Taken(forward, 0, length, null, true);
    }

    private Taken drop(ByteBuffer all) {
        int dropped = Math.min(toDrop, all.limit());
        toDrop -= dropped;
        hold(all, dropped);
        return new Taken(NOTHING, dropped, 0, null, toDrop == 0 && held.hasRemaining());
    }

    private static Taken forward(ByteBuffer all, int position) {
        return new Taken(all.slice(0, position), 0, 0, null, false);
    }

    private void hold(ByteBuffer all, int position) {
        ByteBuffer rest = all.slice(position, all.limit() - position);
        held = rest.hasRemaining()
                ? ByteBuffer.allocate(rest.remaining()).put(rest).flip()
                : NOTHING;
    }

    private static ByteBuffer join(ByteBuffer first, ByteBuffer second) {
        if (!first.hasRemaining()) {
            return second.slice();
        }
        return ByteBuffer.allocate(first.remaining() + second.remaining())
                .put(first)
                .put(second)
                .flip();
    }
}

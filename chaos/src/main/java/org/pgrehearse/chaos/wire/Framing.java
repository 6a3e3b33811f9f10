package org.pgrehearse.chaos.wire;

import java.nio.ByteBuffer;

/**
 * Cuts one direction's bytes into messages. Bytes that do not make up a whole message yet are held back when the
 * message is of interest, and otherwise let go. For one thread at a time.
 */
final class Framing {
    /** Messages longer than this are never of interest. A startup packet may be this long. */
    static final int MESSAGE_BYTES_MAX = 10_000;

    private static final int TYPE_BYTES = 1;
    private static final int LENGTH_BYTES = 4;

    private ByteBuffer held = ByteBuffer.allocate(0);
    private int bytesToSkip;
    private boolean opaque;

    /** What somebody wants to know about messages. */
    interface Reader {
        /** Whether the messages have no type yet, as the first ones of a client. */
        boolean isStartingUp();

        /** Whether a message of this type is to be read. */
        boolean isOfInterest(byte type);

        /** Reads a message's body; answers how to go on. */
        Step read(byte type, ByteBuffer body);
    }

    /** How to go on after a message. */
    enum Step {
        NEXT,
        /** What follows is no longer in this protocol. */
        OPAQUE,
        CUT_BEFORE,
        CUT_AFTER
    }

    /**
     * What can go on.
     *
     * @param rest bytes after a cut
     */
    record Cut(ByteBuffer forward, int rest, boolean isCut) {}

    /** Takes bytes and answers what can go on of them and of those held back before. */
    Cut take(ByteBuffer bytes, Reader reader) {
        if (opaque) {
            return new Cut(bytes, 0, false);
        }
        ByteBuffer all = join(held, bytes);
        int position = Math.min(bytesToSkip, all.limit());
        bytesToSkip -= position;
        while (position < all.limit()) {
            int typeBytes = reader.isStartingUp() ? 0 : TYPE_BYTES;
            if (all.limit() - position < typeBytes + LENGTH_BYTES) {
                return hold(all, position);
            }
            byte type = typeBytes == 0 ? 0 : all.get(position);
            int length = all.getInt(position + typeBytes);
            int total = typeBytes + length;
            if (length < LENGTH_BYTES) {
                return letGo(all);
            }
            boolean read = total <= MESSAGE_BYTES_MAX && (typeBytes == 0 || reader.isOfInterest(type));
            if (!read) {
                int here = Math.min(total, all.limit() - position);
                bytesToSkip = total - here;
                position += here;
            } else if (all.limit() - position < total) {
                return hold(all, position);
            } else {
                int header = typeBytes + LENGTH_BYTES;
                Step step = reader.read(type, all.slice(position + header, total - header));
                switch (step) {
                    case NEXT -> position += total;
                    case OPAQUE -> {
                        return letGo(all);
                    }
                    case CUT_BEFORE -> {
                        return cut(all, position);
                    }
                    case CUT_AFTER -> {
                        return cut(all, position + total);
                    }
                }
            }
        }
        return hold(all, position);
    }

    /** From now on nothing is understood any more. */
    void giveUp() {
        opaque = true;
    }

    private Cut letGo(ByteBuffer all) {
        giveUp();
        held = ByteBuffer.allocate(0);
        return new Cut(all, 0, false);
    }

    private Cut hold(ByteBuffer all, int position) {
        ByteBuffer rest = all.slice(position, all.limit() - position);
        held = ByteBuffer.allocate(rest.remaining()).put(rest).flip();
        return new Cut(all.slice(0, position), 0, false);
    }

    private Cut cut(ByteBuffer all, int position) {
        giveUp();
        return new Cut(all.slice(0, position), all.limit() - position, true);
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

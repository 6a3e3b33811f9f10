package org.pgrehearse.scenarios.capture;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a copy of one direction's bytes into PostgreSQL's messages. It holds no more of a message than has arrived, and
 * no more than {@link #BODY_BYTES_MAX}. For one thread at a time.
 */
final class WireMessages {
    /** A longer message is left out. */
    static final int BODY_BYTES_MAX = 8 << 20;

    /** A longer startup packet is refused by servers too. */
    static final int STARTUP_BYTES_MAX = 10_000;

    private static final int BODY_BYTES_MIN = 512;
    private static final byte[] NOTHING = {};

    private final WireBudget budget;
    private final byte[] header = new byte[1 + Integer.BYTES];
    private int headerBytes;
    private byte type;
    private byte[] body = NOTHING;
    private int bodyBytes;
    private int left;
    private boolean kept;
    private boolean wanted;

    WireMessages(WireBudget budget) {
        this.budget = budget;
    }

    /** Who reads the messages. */
    interface Reader {
        /** Whether messages have no type yet, as the first ones of a client. */
        boolean isStartingUp();

        /** Whether the body of such a message is of use. */
        boolean wants(byte type);

        /** A whole message; its body is empty when it is not of use. */
        void read(byte type, ByteBuffer body) throws WireDamage;

        /** A message of use that was not kept, because it is too long or there is no memory for it. */
        void leftOut(byte type, String reason) throws WireDamage;
    }

    /** Takes bytes, as they come. */
    void take(ByteBuffer bytes, Reader reader) throws WireDamage {
        while (bytes.hasRemaining()) {
            if (left > 0) {
                takeBody(bytes, reader);
            } else if (takeHeader(bytes, reader) && left == 0) {
                end(reader);
            }
        }
    }

    /** Gives back the memory it holds. */
    void release() {
        budget.release(body.length);
        body = NOTHING;
    }

    /** True when the header is whole. */
    private boolean takeHeader(ByteBuffer bytes, Reader reader) throws WireDamage {
        int typeBytes = reader.isStartingUp() ? 0 : 1;
        int whole = typeBytes + Integer.BYTES;
        int some = Math.min(bytes.remaining(), whole - headerBytes);
        bytes.get(header, headerBytes, some);
        headerBytes += some;
        if (headerBytes < whole) {
            return false;
        }
        headerBytes = 0;
        type = typeBytes == 0 ? 0 : header[0];
        int length = ByteBuffer.wrap(header).getInt(typeBytes);
        if (length < Integer.BYTES || (typeBytes == 0 && length > STARTUP_BYTES_MAX)) {
            throw new WireDamage("a message of " + length + " bytes");
        }
        left = length - Integer.BYTES;
        bodyBytes = 0;
        wanted = typeBytes == 0 || reader.wants(type);
        kept = wanted;
        if (kept && left > BODY_BYTES_MAX) {
            kept = false;
            reader.leftOut(type, "too-long");
        }
        return true;
    }

    private void takeBody(ByteBuffer bytes, Reader reader) throws WireDamage {
        int some = Math.min(bytes.remaining(), left);
        if (kept && !makeRoom(bodyBytes + some)) {
            kept = false;
            release();
            reader.leftOut(type, "memory");
        }
        if (kept) {
            bytes.get(body, bodyBytes, some);
            bodyBytes += some;
        } else {
            bytes.position(bytes.position() + some);
        }
        left -= some;
        if (left == 0) {
            end(reader);
        }
    }

    private boolean makeRoom(int bytes) {
        if (bytes <= body.length) {
            return true;
        }
        int size = Math.max(Math.max(BODY_BYTES_MIN, bytes), Math.min(BODY_BYTES_MAX, 2 * body.length));
        if (!budget.reserve((long) size - body.length)) {
            return false;
        }
        body = Arrays.copyOf(body, size);
        return true;
    }

    private void end(Reader reader) throws WireDamage {
        boolean whole = kept;
        kept = false;
        if (whole || !wanted) {
            reader.read(type, ByteBuffer.wrap(body, 0, whole ? bodyBytes : 0).slice());
        }
        if (body.length > BODY_BYTES_MIN) {
            release();
        }
    }
}

package org.pgrehearse.chaos.proxy;

/** Bytes that were read together and not passed on yet. For one thread at a time. */
final class Chunk {
    private final byte[] bytes;
    private final long number;
    private final long arrivedNanos;
    private int offset;
    private boolean delayed;

    Chunk(byte[] bytes, long number, long arrivedNanos) {
        this.bytes = bytes;
        this.number = number;
        this.arrivedNanos = arrivedNanos;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Position of the first byte that was not passed on yet. */
    int offset() {
        return offset;
    }

    int remaining() {
        return bytes.length - offset;
    }

    /** Which chunk of its flow it is. */
    long number() {
        return number;
    }

    long arrivedNanos() {
        return arrivedNanos;
    }

    void advance(int length) {
        offset += length;
    }

    /** True the first time it is asked. */
    boolean firstDelay() {
        boolean first = !delayed;
        delayed = true;
        return first;
    }
}

package org.pgrehearse.reports.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A growing column of numbers that only takes as many bytes a number as its neighbours differ by. Nothing is lost: any
 * long comes back as it was. Not safe for use by many threads.
 *
 * <p>The way is a frame of reference: once {@value #CHUNK} numbers are complete, their least one is kept, and the
 * distance of each from it in the fewest whole bytes that hold the greatest distance, none at all when all are equal.
 * The last chunk, while it grows, is kept as it is. There is no copy when it grows, and no slack.
 */
public final class PackedColumn {
    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;
    private static final int CHUNK_MASK = CHUNK - 1;
    private static final int CHUNKS_START = 16;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] open = new long[CHUNK];
    private byte[][] packed = new byte[CHUNKS_START][];
    private long[] bases = new long[CHUNKS_START];
    private byte[] widths = new byte[CHUNKS_START];
    private int size;

    /** Appends one number. */
    public void add(long value) {
        open[size & CHUNK_MASK] = value;
        size = Math.addExact(size, 1);
        if ((size & CHUNK_MASK) == 0) {
            seal((size >>> CHUNK_BITS) - 1);
        }
    }

    /** The number at an index below {@link #size}. */
    public long get(int index) {
        int chunk = index >>> CHUNK_BITS;
        int place = index & CHUNK_MASK;
        if (chunk == size >>> CHUNK_BITS) {
            return open[place];
        }
        int width = widths[chunk];
        if (width == 0) {
            return bases[chunk];
        }
        long distance = (long) LONGS.get(packed[chunk], place * width);
        return bases[chunk] + (distance & (-1L >>> (Long.SIZE - width * Byte.SIZE)));
    }

    /** How many numbers it holds. */
    public int size() {
        return size;
    }

    /** How many bytes its complete chunks take, without the few of each chunk itself. */
    long packedBytes() {
        long bytes = 0;
        for (int chunk = 0; chunk < size >>> CHUNK_BITS; chunk++) {
            bytes += packed[chunk].length;
        }
        return bytes;
    }

    private void seal(int chunk) {
        if (chunk == packed.length) {
            int chunks = chunk + (chunk >> 1);
            packed = Arrays.copyOf(packed, chunks);
            bases = Arrays.copyOf(bases, chunks);
            widths = Arrays.copyOf(widths, chunks);
        }
        long least = open[0];
        long greatest = open[0];
        for (long value : open) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
        }
        int bits = Long.SIZE - Long.numberOfLeadingZeros(greatest - least);
        int width = (bits + Byte.SIZE - 1) / Byte.SIZE;
        bases[chunk] = least;
        widths[chunk] = (byte) width;
        packed[chunk] = width == 0 ? new byte[0] : packed(least, width);
    }

    /** Each write of eight bytes spills zeros over its right neighbours, which are written after it. */
    private byte[] packed(long least, int width) {
        byte[] bytes = new byte[CHUNK * width + Long.BYTES - width];
        for (int place = 0; place < CHUNK; place++) {
            LONGS.set(bytes, place * width, open[place] - least);
        }
        return bytes;
    }
}

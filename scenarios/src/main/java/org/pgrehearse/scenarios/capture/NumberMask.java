package org.pgrehearse.scenarios.capture;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/**
 * Replaces whole numbers by others with as many digits, no two by the same: ids that were unique stay so. A keyed
 * permutation, by a Feistel network of ten rounds over AES, which is walked on until it falls into the range again
 * (Black and Rogaway, Ciphers with Arbitrary Finite Domains, 2002). Numbers that fit {@code smallint} or
 * {@code integer} stay so. Not safe for use by many threads.
 */
final class NumberMask {
    private static final String ALGORITHM = "AES/ECB/NoPadding";
    private static final int KEY_BYTES = 16;
    private static final int ROUNDS = 10;
    private static final int BLOCK_BYTES = 16;
    private static final long[] EDGES = {Short.MAX_VALUE, Integer.MAX_VALUE};

    private final Cipher cipher;
    private final ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);

    /** Masks by a key of at least 16 bytes. */
    NumberMask(byte[] key) {
        try {
            cipher = Cipher.getInstance(ALGORITHM);
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(Arrays.copyOf(key, KEY_BYTES), "AES"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + ALGORITHM + ".", e);
        }
    }

    /** The mask of a number of at most 18 digits that does not begin with zero; a sign stays. */
    String mask(String number) {
        String sign = Character.isDigit(number.charAt(0)) ? "" : number.substring(0, 1);
        long value = Long.parseLong(number.substring(sign.length()));
        long low = 1;
        while (low <= value / 10) {
            low *= 10;
        }
        long high = low * 10;
        for (long edge : EDGES) {
            if (low <= edge && edge < high - 1) {
                if (value <= edge) {
                    high = edge + 1;
                } else {
                    low = edge + 1;
                }
            }
        }
        return sign + (low + permuted(value - low, high - low));
    }

    /** Another number below the size for each number below it. */
    private long permuted(long number, long size) {
        int half = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(size - 1) + 1) / 2);
        long at = number;
        do {
            at = network(at, half, size);
        } while (at >= size); // fewer than four times on average, since the network is no more than four times as large
        return at;
    }

    private long network(long number, int half, long size) {
        long mask = (1L << half) - 1;
        long left = number >>> half;
        long right = number & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long next = left ^ (hash(round, right, size) & mask);
            left = right;
            right = next;
        }
        return left << half | right;
    }

    private long hash(int round, long value, long size) {
        block.putLong(0, value).putLong(Long.BYTES, size * ROUNDS + round);
        try {
            return ByteBuffer.wrap(cipher.doFinal(block.array())).getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A whole block is encrypted.", e);
        }
    }
}

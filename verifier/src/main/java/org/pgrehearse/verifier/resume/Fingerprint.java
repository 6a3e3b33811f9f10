package org.pgrehearse.verifier.resume;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * 128 bits that tell two byte strings apart unless somebody tries to make them collide: MurmurHash3 x64 by Austin
 * Appleby. It guards against accidents, not against attackers.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record Fingerprint(long high, long low) {
    /** Characters of its text. */
    public static final int DIGITS = 32;

    private static final int SEED = 42;

    /** Of these bytes. */
    public static Fingerprint of(byte[] bytes) {
        long[] halves = MurmurHash3.hash128x64(bytes, 0, bytes.length, SEED);
        return new Fingerprint(halves[0], halves[1]);
    }

    /** Of a text's UTF-8. */
    public static Fingerprint of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    /** As 32 hexadecimal digits. */
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}

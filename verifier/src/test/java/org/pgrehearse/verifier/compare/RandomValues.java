package org.pgrehearse.verifier.compare;

import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Seeded random values of many types, as SQL literals. Two literals that differ are two values that differ. */
final class RandomValues {
    /** One column of the random table. */
    enum ValueType {
        BIG("int8"),
        NUMBER("numeric"),
        SCALED("numeric(14,3)"),
        FLOAT("float8"),
        TEXT("text"),
        PADDED("char(12)"),
        BYTES("bytea"),
        MOMENT("timestamptz"),
        SPAN("interval"),
        DOCUMENT("jsonb"),
        IDENTIFIER("uuid"),
        INTEGERS("int[]"),
        TEXTS("text[]"),
        RANGE("numrange"),
        BITS("varbit");

        private final String declared;

        ValueType(String declared) {
            this.declared = declared;
        }

        String declared() {
            return declared;
        }
    }

    private static final List<String> ALPHABET =
            List.of("a", "B", " ", "''", "\"", ",", "{", "}", "\\", "é", "€", "😀", "|", "\n", "0", "NULL", "(", ")");
    private static final int NULL_PERCENT = 10;

    private final RandomGenerator random;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    String literal(ValueType type) {
        if (random.nextInt(100) < NULL_PERCENT) {
            return "NULL";
        }
        return switch (type) {
            case BIG -> Long.toString(random.nextBoolean() ? random.nextLong() : random.nextInt(10));
            case NUMBER -> random.nextInt(100) + "." + "0".repeat(random.nextInt(5)) + random.nextInt(10);
            case SCALED -> random.nextInt(100) + ".%03d".formatted(random.nextInt(1000));
            case FLOAT -> "'" + (random.nextInt(5) == 0 ? "-0" : Double.toString(random.nextDouble())) + "'";
            case TEXT -> "'" + text() + "'";
            case PADDED -> "'" + random.nextInt(1_000_000) + "'";
            case BYTES -> "'\\x" + hex() + "'";
            case MOMENT -> "timestamptz 'epoch' + interval '1 microsecond' * " + random.nextInt();
            case SPAN -> "'" + random.nextInt(3) + " mon " + random.nextInt(40) + " day " + random.nextInt(90) + " s'";
            case DOCUMENT -> "'{\"k\": [" + random.nextInt(5) + ", 1.0" + "0".repeat(random.nextInt(3)) + "]}'";
            case IDENTIFIER -> "'" + new UUID(random.nextLong(), random.nextLong()) + "'";
            case INTEGERS -> integers();
            case TEXTS -> "ARRAY['" + text() + "', NULL, '" + text() + "']";
            case RANGE -> "'[1.0" + "0".repeat(random.nextInt(3)) + "," + (2 + random.nextInt(5)) + ")'";
            case BITS -> "B'1" + Integer.toBinaryString(random.nextInt(64)) + "'";
        };
    }

    private String integers() {
        int one = random.nextInt(9);
        int two = random.nextInt(9);
        return random.nextBoolean() ? "'{" + one + "," + two + "}'" : "'{{" + one + "},{" + two + "}}'";
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(8);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.get(random.nextInt(ALPHABET.size())));
        }
        return text.toString();
    }

    private String hex() {
        return "00".repeat(random.nextInt(3)) + "%02x".formatted(random.nextInt(256));
    }
}

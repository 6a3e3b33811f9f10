package org.pgrehearse.verifier.snapshot;

/** SQL's ways of writing names and values. */
public final class Sql {
    private Sql() {}

    /** A string literal; relies on {@code standard_conforming_strings}, which every session pins. */
    public static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /** A quoted identifier. */
    public static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}

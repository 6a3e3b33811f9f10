package org.pgrehearse.bench.peers;

/**
 * A column of a table that is compared.
 *
 * @param value what the row number {@code i} has in it, as SQL
 * @param exact what the exact digest hashes, as SQL: the column itself wherever its type's own hash tells all values
 *     apart that differ byte for byte
 */
record Column(String name, String type, String value, String exact) {
    /** Hashed as it is. */
    static Column of(String name, String type, String value) {
        return new Column(name, type, value, name);
    }

    /** Hashed in another form. */
    static Column of(String name, String type, String value, String exact) {
        return new Column(name, type, value, exact);
    }
}

package org.pgrehearse.verifier.catalog;

import java.util.Comparator;
import org.pgrehearse.verifier.snapshot.Sql;

/** A table's or sequence's name with its schema, as the catalogue spells them. */
public record TableName(String schema, String name) implements Comparable<TableName> {
    private static final Comparator<TableName> ORDER =
            Comparator.comparing(TableName::schema).thenComparing(TableName::name);

    /** As SQL must write it. */
    public String quoted() {
        return Sql.identifier(schema) + "." + Sql.identifier(name);
    }

    /** As people write it: {@code schema.table}, without quotes. */
    @Override
    public String toString() {
        return schema + "." + name;
    }

    @Override
    public int compareTo(TableName other) {
        return ORDER.compare(this, other);
    }
}

package org.pgrehearse.bench.peers;

import java.util.Locale;

/** The kind of primary key that a table has, and with it the order of its heap. */
enum KeyKind {
    /** Rows lie in the order of their keys. */
    BIGINT("bigint", "%s::bigint"),
    /** Rows lie in no order of their keys, as with random UUIDs. */
    UUID("uuid", "md5('key ' || %s)::uuid");

    private final String type;
    private final String template;

    KeyKind(String type, String template) {
        this.type = type;
        this.template = template;
    }

    /** The column's type. */
    String type() {
        return type;
    }

    /** The key of the row with a number, as SQL. */
    String of(String number) {
        return template.formatted(number);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

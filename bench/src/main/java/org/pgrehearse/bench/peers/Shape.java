package org.pgrehearse.bench.peers;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The columns of a table, its key aside. */
enum Shape {
    /** Three small columns. */
    NARROW(1, "amount = amount + 1"),
    /** Eleven columns of the types that applications use, some of them null. */
    MIXED(1, "amount = amount + 0.01"),
    /** Rows of 2 KB that stay in the heap; a tenth as many. */
    WIDE(10, "part1 = reverse(part1)");

    private static final Column PLACED_AT = new Column(
            "placed_at", "timestamptz NOT NULL", "timestamptz '2024-01-01 00:00+00' + i * interval '1.000003 s'");
    private static final Column AMOUNT = new Column("amount", "numeric(12,2) NOT NULL", "(i % 100000) / 100.0");
    private static final int PARTS = 4;

    private final long rowsDivisor;
    private final String change;

    Shape(long rowsDivisor, String change) {
        this.rowsDivisor = rowsDivisor;
        this.change = change;
    }

    /** The columns without the key. */
    List<Column> columns() {
        return switch (this) {
            case NARROW -> List.of(new Column("customer", "int NOT NULL", "i % 9973"), AMOUNT, PLACED_AT);
            case MIXED -> mixed();
            case WIDE -> IntStream.rangeClosed(1, PARTS).mapToObj(Shape::part).toList();
        };
    }

    /** What an UPDATE sets so that the row is another one. */
    String change() {
        return change;
    }

    /** How many rows such a table gets when a plain one gets this many. */
    long rows(long plain) {
        return Math.max(1, plain / rowsDivisor);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static List<Column> mixed() {
        return List.of(
                new Column("quantity", "int NOT NULL", "i % 1000"),
                new Column("reference", "uuid NOT NULL", "md5(i::text)::uuid"),
                new Column("status", "text NOT NULL", "(ARRAY['new', 'paid', 'shipped', 'delivered'])[1 + i % 4]"),
                AMOUNT,
                new Column("rate", "numeric", "(i % 9973) * 1.5"),
                new Column("score", "float8", "sqrt(i)"),
                PLACED_AT,
                new Column(
                        "shipped_at",
                        "timestamp",
                        "CASE WHEN i % 3 > 0 THEN timestamp '2024-01-01' + i * interval '1.7 s' END"),
                new Column("active", "bool NOT NULL", "i % 2 = 0"),
                new Column("note", "varchar(200)", "CASE WHEN i % 5 > 0 THEN 'note ' || md5((i * 7)::text) END"),
                new Column(
                        "attributes",
                        "jsonb NOT NULL",
                        "jsonb_build_object('color', i % 7, 'tags', jsonb_build_array(i % 11, 'x' || i % 13),"
                                + " 'size', i % 3)"));
    }

    private static Column part(int number) {
        String name = "part" + number;
        // 15 times 32 characters: four of them are just short of what PostgreSQL would compress or move away.
        return new Column(name, "text NOT NULL", "repeat(md5(i || '" + name + "'), 15)");
    }
}

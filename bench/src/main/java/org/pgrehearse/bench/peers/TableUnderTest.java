package org.pgrehearse.bench.peers;

import java.math.BigInteger;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.digest.DigestKind;

/**
 * A table that both servers hold, and the SQL that makes it, makes it differ, and digests it. Row {@code i} is the same
 * wherever and whenever it is made.
 *
 * @param rows how many there are before the target is made to differ
 */
record TableUnderTest(Shape shape, KeyKind key, long rows) {
    /** At most one row in this many may differ. */
    static final int ROWS_PER_DIFFERENCE_MIN = 20;

    /** The oldest PostgreSQL that is measured, since the same SQL runs on both sides. */
    private static final int OLDEST_MAJOR = 14;

    private static final double GOLDEN_RATIO = 0.6180339887498949;

    /** Its name, without a schema, and made of letters that no tool needs to quote. */
    String name() {
        return shape + "_" + key;
    }

    /** The greatest number of differences it can have, a multiple of {@link ExpectedDifferences#GROUP}. */
    long differencesMax() {
        long most = rows / ROWS_PER_DIFFERENCE_MIN;
        return most - most % ExpectedDifferences.GROUP;
    }

    /** Creates, fills and prepares the table; one statement each, for autocommit. */
    List<String> create() {
        String columns = shape.columns().stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", "));
        return List.of(
                "CREATE TABLE " + name() + " (id " + key.type() + " NOT NULL, " + columns + ")",
                "INSERT INTO " + name() + " " + select("generate_series(1, " + rows + ") i"),
                "ALTER TABLE " + name() + " ADD PRIMARY KEY (id)",
                "VACUUM (ANALYZE) " + name());
    }

    /** Drops the table. */
    String drop() {
        return "DROP TABLE " + name();
    }

    /**
     * Turns a target that differs in the first {@code from} differences into one that differs in the first {@code to}.
     * The differences lie scattered over the whole table, and the first ones are the same however many there are.
     */
    List<String> differ(long from, long to) {
        String numbers = "generate_series(" + from + "::bigint, " + (to - 1) + "::bigint) j";
        return List.of(
                "UPDATE " + name() + " SET " + shape.change() + " WHERE id IN (SELECT " + key.of(scattered()) + " FROM "
                        + numbers + " WHERE j % 4 < 2)",
                "DELETE FROM " + name() + " WHERE id IN (SELECT " + key.of(scattered()) + " FROM " + numbers
                        + " WHERE j % 4 = 2)",
                "INSERT INTO " + name() + " "
                        + select("(SELECT " + (rows + 1) + " + j AS i FROM " + numbers + " WHERE j % 4 = 3) n"),
                "VACUUM (ANALYZE) " + name());
    }

    /**
     * Counts the rows and sums an exact hash of each, in the cheapest SQL that is known for it: the least that a
     * comparison of whole tables can do.
     */
    String floorDigest() {
        List<Digest.Pair> columns = Stream.concat(
                        Stream.of(new Column("id", key.type(), "i")), shape.columns().stream())
                .map(column -> new org.pgrehearse.verifier.catalog.Column(column.name(), column.catalogued(), false))
                .map(column -> new Digest.Pair(column, column))
                .toList();
        String hash = new Digest(DigestKind.EXACT, OLDEST_MAJOR, true, true).row(columns);
        return "SELECT count(*), sum(" + hash + ") FROM " + name();
    }

    /** Counts the rows and sums the MD5 of the text of each, as scripts do. */
    String naiveDigest() {
        return "SELECT count(*), sum(('x' || right(md5(t::text), 12))::bit(48)::bigint) FROM " + name() + " t";
    }

    /** How far apart two differences that follow each other lie; without a common divisor with the number of rows. */
    long stride() {
        long stride = Math.max(1, Math.round(rows * GOLDEN_RATIO));
        while (!BigInteger.valueOf(stride).gcd(BigInteger.valueOf(rows)).equals(BigInteger.ONE)) {
            stride++;
        }
        return stride;
    }

    private String scattered() {
        return "(1 + j * " + stride() + " % " + rows + ")";
    }

    private String select(String numbers) {
        String values = shape.columns().stream().map(Column::value).collect(Collectors.joining(", "));
        return "SELECT " + key.of("i") + ", " + values + " FROM " + numbers;
    }
}

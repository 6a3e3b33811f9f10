package org.pgrehearse.verifier.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.ColumnType;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Two values have the same hash exactly when they are the same; values that the server's own hashes confuse. */
@ExtendWith(Servers.class)
final class FinenessIT {
    private static final int[] MAJORS = {12, 15, 17};

    private static final String SAME_TEXT = "a.v::text IS NOT DISTINCT FROM b.v::text";
    private static final String SAME_BLANKS = "textin(bpcharout(a.v)) IS NOT DISTINCT FROM textin(bpcharout(b.v))";
    private static final String EQUAL = "a.v IS NOT DISTINCT FROM b.v";

    private final Servers.Running servers;

    FinenessIT(Servers.Running servers) {
        this.servers = servers;
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "adversarial-values.csv", delimiter = ';', quoteCharacter = '`', numLinesToSkip = 1)
    void only_the_same_values_share_a_hash(String type, int since, String values) {
        for (int major : MAJORS) {
            if (major >= since) {
                Database database = servers.database(major);
                database.run("ALTER DATABASE " + database.name() + " SET TimeZone = 'UTC'; CREATE TABLE t (v " + type
                        + "); INSERT INTO t " + values);
                String exact = type.equals("bpchar") ? SAME_BLANKS : SAME_TEXT;
                assertThat(misjudged(database, new Digest(DigestKind.EXACT, major, true, true), exact))
                        .as("exact on %d", major)
                        .isEmpty();
                boolean comparable = !type.equals("point");
                if (comparable) {
                    assertThat(misjudged(database, new Digest(DigestKind.EQUAL, major, true, true), EQUAL))
                            .as("equal on %d", major)
                            .isEmpty();
                }
            }
        }
    }

    /** Hashes of several values are most alike where each is a zero, a null, or another number's shadow. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "numeric; `{0,0.0,NaN,1,-1,10000,100000000,1.0,NULL}`",
                "numeric(12,2); `{0,NaN,1,-1,10000,100000000,NULL}`",
                "float8; `{0,-0,NaN,1,-1,NULL}`",
                "int8; `{0,1,-1,4294967296,4294967295,-4294967296,NULL}`",
                "int4; `{0,1,-1,2147483647,NULL}`",
                "bytea; `{\"\",\"\\\\x00\",\"\\\\x0000\",NULL}`",
                "text; `{\"\",a,b,ab,NULL}`",
                "timestamptz; `{1970-01-01+00,2000-01-01+00,infinity,-infinity,NULL}`"
            })
    void values_that_trade_places_within_a_row_are_seen(String type, String values) {
        for (int major : MAJORS) {
            Database database = servers.database(major);
            String some = "unnest('" + values + "'::" + type.replaceFirst("\\(.*", "") + "[])";
            database.run("CREATE TABLE t (a " + type + ", b " + type + ", c " + type + "); INSERT INTO t SELECT * FROM "
                    + some + " a, " + some + " b, " + some + " c");
            List<Digest.Pair> columns = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                columns.add(pair(name, type(database, name)));
            }
            String hash = new Digest(DigestKind.EXACT, major, true, true).row(columns);
            assertThat(database.value("SELECT count(*) - count(DISTINCT " + hash + ") FROM t"))
                    .as("on %d", major)
                    .isEqualTo("0");
        }
    }

    /** The sum over rows is not linear in the columns, whatever the columns hold. */
    @Test
    void values_that_trade_places_between_rows_are_seen() {
        for (int major : MAJORS) {
            Database database = servers.database(major);
            database.run("CREATE TABLE t (a int8, b numeric, c text, d timestamptz);"
                    + " INSERT INTO t SELECT a, b, b::text, now() + a * interval '1 us' FROM"
                    + " generate_series(1, 200) a, generate_series(1, 200) b");
            List<Digest.Pair> columns = new ArrayList<>();
            for (String name : List.of("a", "b", "c", "d")) {
                columns.add(pair(name, type(database, name)));
            }
            String hash = new Digest(DigestKind.EXACT, major, true, true).row(columns);
            String swapped =
                    "SELECT sum(h) FROM (SELECT " + hash + " AS h FROM (SELECT x.a, y.b, y.c, x.d FROM t x, t y"
                            + " WHERE x.a = 1 + i AND x.b = 7 AND y.a = 150 - i AND y.b = 9 UNION ALL"
                            + " SELECT y.a, x.b, x.c, y.d FROM t x, t y"
                            + " WHERE x.a = 1 + i AND x.b = 7 AND y.a = 150 - i AND y.b = 9) t) s";
            String kept = swapped.replace("x.a, y.b, y.c, x.d", "x.*").replace("y.a, x.b, x.c, y.d", "y.*");
            assertThat(database.value(
                            "SELECT count(*) FROM generate_series(0, 40) i WHERE (" + kept + ") = (" + swapped + ")"))
                    .as("on %d", major)
                    .isEqualTo("0");
        }
    }

    /** Pairs of values that have one hash and are not the same, or have two and are. */
    private static String misjudged(Database database, Digest digest, String same) {
        String hashed = "(SELECT v, " + digest.row(List.of(pair("v", type(database, "v")))) + " AS h,"
                + " row_number() OVER () AS n FROM t)";
        String pairs = "SELECT concat_ws(' ', a.v::text, 'and', b.v::text) AS p FROM " + hashed + " a JOIN " + hashed
                + " b ON a.n < b.n WHERE (a.h = b.h) <> (" + same + ") LIMIT 3";
        return database.value("SELECT coalesce(string_agg(p, '; '), '') FROM (" + pairs + ") q");
    }

    private static Digest.Pair pair(String name, ColumnType type) {
        Column column = new Column(name, type, false);
        return new Digest.Pair(column, column);
    }

    private static ColumnType type(Database database, String column) {
        String of =
                " FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type e ON t.typcategory = 'A'"
                        + " AND e.oid = t.typelem WHERE a.attrelid = 't'::regclass AND a.attname = '" + column + "'";
        String base = database.value("SELECT coalesce(e.typname, t.typname)" + of);
        boolean array = database.value("SELECT e.oid IS NOT NULL" + of).equals("t");
        return new ColumnType(base, base, array, Integer.parseInt(database.value("SELECT atttypmod" + of)), true, true);
    }
}

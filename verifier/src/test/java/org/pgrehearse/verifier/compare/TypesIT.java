package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.table;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.RowDifference.ColumnChange;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Traps of types: values that look the same and are not, or look different and are the same. */
@ExtendWith(Servers.class)
final class TypesIT {
    private final Servers.Running servers;

    TypesIT(Servers.Running servers) {
        this.servers = servers;
    }

    private static void same(Database source, Database target) {
        for (DigestKind kind : DigestKind.values()) {
            assertThat(verify(VerifyOptions.of(source, target).withDigest(kind)).tables())
                    .as(kind.toString())
                    .isNotEmpty()
                    .allSatisfy(table -> assertThat(table.verdict()).isEqualTo(Verdict.CONSISTENT));
        }
    }

    private static void different(Database source, Database target) {
        for (DigestKind kind : List.of(DigestKind.EXACT, DigestKind.TEXT)) {
            TableComparison table = only(verify(VerifyOptions.of(source, target).withDigest(kind)));
            assertThat(table.verdict()).as(kind.toString()).isEqualTo(Verdict.DIVERGENT);
            assertThat(table.changed()).as(kind.toString()).isEqualTo(1);
        }
    }

    /** Both widen without changing a value's meaning; a value that is another one afterwards is found. */
    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "int; bigint; 5; 6",
                "smallint; numeric; 5; 5.5",
                "varchar(10); text; 'a'; 'a '",
                "text; varchar(10); 'a'; ''",
                "timestamp; timestamptz; '2026-01-01 10:00'; '2026-01-01 10:00:00.000001'",
                "date; timestamp; '2026-01-01'; '2026-01-01 00:00:01'",
                "json; jsonb; '{\"a\": 1}'; '{\"a\": 2}'",
                "real; float8; 0.5; 0.25",
                "cidr; inet; '10.0.0.0/8'; '10.0.0.1/8'",
                "numeric(10,2); numeric(12,2); 1.50; 1.51",
                "char(3); char(5); 'a'; 'b'",
                "text; mood; 'ok'; 'sad'",
                "int[]; bigint[]; '{1,2}'; '{2,1}'"
            })
    void a_widened_column_keeps_its_values(String from, String to, String value, String other) {
        Database source = servers.database(15);
        Database target = servers.database(17);
        target.run("CREATE TYPE mood AS ENUM ('sad', 'ok')");
        source.run("CREATE TABLE t (id int PRIMARY KEY, v " + from + "); INSERT INTO t VALUES (1, " + value + "), (2, "
                + value + "), (3, NULL)");
        target.run("SET TimeZone = 'UTC'; CREATE TABLE t (id int PRIMARY KEY, v " + to + "); INSERT INTO t VALUES (1, "
                + value + "), (2, " + value + "), (3, NULL)");
        boolean padded = from.startsWith("char");
        assertThat(only(verify(VerifyOptions.of(source, target))).verdict())
                .isEqualTo(padded ? Verdict.DIVERGENT : Verdict.CONSISTENT);
        target.run("SET TimeZone = 'UTC'; UPDATE t SET v = " + other + " WHERE id = 2");
        assertThat(only(verify(VerifyOptions.of(source, target))).changed()).isEqualTo(padded ? 2 : 1);
    }

    @Test
    void a_cast_to_text_that_says_less_than_the_value_is_not_believed() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        String schema = "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE FUNCTION blurred(mood) RETURNS text"
                + " LANGUAGE sql IMMUTABLE AS 'SELECT ''a mood''::text';"
                + "CREATE CAST (mood AS text) WITH FUNCTION blurred(mood);"
                + "CREATE TABLE t (id int PRIMARY KEY, m mood); INSERT INTO t VALUES (1, 'ok'), (2, NULL)";
        source.run(schema);
        target.run(schema);
        same(source, target);
        target.run("UPDATE t SET m = 'sad' WHERE id = 1");
        different(source, target);
        assertThat(only(verify(VerifyOptions.of(source, target))).differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("id", "1")), List.of(new ColumnChange("m", "ok", "sad"))));
        target.run("UPDATE t SET m = 'ok' WHERE id = 1; UPDATE t SET m = 'ok' WHERE id = 2");
        different(source, target);
    }

    @Test
    void a_row_of_nulls_is_not_null() {
        Database source = servers.database(12);
        Database target = servers.database(18);
        String schema = "CREATE TYPE pair AS (a int, b text); CREATE TABLE t (id int PRIMARY KEY, p pair);"
                + "INSERT INTO t VALUES (1, ROW(NULL, NULL)), (2, NULL)";
        source.run(schema);
        target.run(schema);
        same(source, target);
        target.run("UPDATE t SET p = NULL WHERE id = 1");
        different(source, target);
    }

    @Test
    void a_name_of_an_object_is_compared_and_not_its_number() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        source.run("CREATE TABLE shift (a int)");
        String schema = "CREATE TABLE a (i int PRIMARY KEY); CREATE TABLE b (i int PRIMARY KEY); CREATE SCHEMA s;"
                + "CREATE TABLE s.a (i int PRIMARY KEY);"
                + "CREATE TABLE t (id int PRIMARY KEY, c regclass, r regrole, y regtype, p regprocedure);"
                + "INSERT INTO t VALUES (1, 'a', 'postgres', 'a', 'now()')";
        source.run(schema);
        target.run(schema);
        assertThat(table(verify(VerifyOptions.of(source, target)), "public.t").verdict())
                .isEqualTo(Verdict.CONSISTENT);
        target.run("UPDATE t SET c = 's.a'");
        assertThat(table(verify(VerifyOptions.of(source, target)), "public.t").differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("id", "1")), List.of(new ColumnChange("c", "public.a", "s.a"))));
    }

    @Test
    void a_column_with_the_tables_name_is_only_a_column() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        String schema = "CREATE TABLE t (id int PRIMARY KEY, t text, q text, mapped int);"
                + "INSERT INTO t VALUES (1, 'a', 'b', 3)";
        source.run(schema);
        target.run(schema);
        same(source, target);
        target.run("UPDATE t SET q = 'c'");
        different(source, target);
    }

    @Test
    void columns_in_another_order_and_dropped_ones_do_not_matter() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        source.run("CREATE TABLE t (id int PRIMARY KEY, gone int, a text, b text); ALTER TABLE t DROP gone;"
                + "INSERT INTO t VALUES (1, 'x', 'y')");
        target.run("CREATE TABLE t (b text, a text, gone text, id int PRIMARY KEY); ALTER TABLE t DROP gone;"
                + "INSERT INTO t VALUES ('y', 'x', 1)");
        same(source, target);
        target.run("UPDATE t SET a = 'y', b = 'x'");
        different(source, target);
    }

    @Test
    void a_partitioned_table_holds_what_a_plain_one_holds() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        String rows = "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 5000) i";
        source.run("CREATE TABLE t (id int PRIMARY KEY, v text);" + rows);
        target.run("CREATE TABLE t (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);"
                + "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (MINVALUE) TO (2500);"
                + "CREATE TABLE t2 PARTITION OF t DEFAULT PARTITION BY HASH (id);"
                + "CREATE TABLE t3 PARTITION OF t2 FOR VALUES WITH (MODULUS 1, REMAINDER 0);" + rows);
        same(source, target);
        target.run("UPDATE t SET v = 'x' WHERE id = 4000");
        different(source, target);
    }

    @Test
    void generated_and_identity_columns_are_compared_by_their_values() {
        Database source = servers.database(15);
        Database target = servers.database(18);
        source.run("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int,"
                + " g int GENERATED ALWAYS AS (a * 2) STORED); INSERT INTO t (a) VALUES (1), (2)");
        target.run("CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a int,"
                + " g int GENERATED ALWAYS AS (a * 2) VIRTUAL); INSERT INTO t (a) VALUES (1), (2)");
        same(source, target);
        target.run("ALTER TABLE t ALTER g SET EXPRESSION AS (CASE a WHEN 1 THEN 7 ELSE a * 2 END)");
        different(source, target);
        assertThat(verify(VerifyOptions.of(source, target)).catalog())
                .extracting(finding -> finding.object())
                .contains("column public.t.g");
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"LATIN1, UTF8", "UTF8, LATIN1", "SQL_ASCII, UTF8", "UTF8, SQL_ASCII", "SQL_ASCII, SQL_ASCII"})
    void text_is_the_same_in_another_encoding(String from, String to) {
        Database source = servers.database(15, from);
        Database target = servers.database(17, to);
        String schema = "SET client_encoding = 'UTF8'; CREATE TYPE mood AS ENUM ('süß');"
                + "CREATE TABLE t (k text PRIMARY KEY, a varchar(20), c char(9), n name, j json, b jsonb, x xml,"
                + " l text[], v tsvector, m mood); INSERT INTO t VALUES ('é', 'ä', 'ö', 'ü', '{\"é\":1}',"
                + " '{\"é\":1}', '<é/>',"
                + " '{é,ä}', 'é', 'süß'), ('plain', 'b', 'c', 'd', '1', '2', 'e', '{f}', 'g', NULL)";
        source.run(schema);
        target.run(schema);
        same(source, target);
        target.run("SET client_encoding = 'UTF8'; UPDATE t SET a = 'à' WHERE k = 'é'");
        different(source, target);
        assertThat(only(verify(VerifyOptions.of(source, target))).differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("k", "é")), List.of(new ColumnChange("a", "ä", "à"))));
    }

    @Test
    void bytes_that_are_no_text_are_a_difference_and_are_shown() {
        Database source = servers.database(15, "SQL_ASCII");
        Database target = servers.database(17);
        source.run("CREATE TABLE t (id int PRIMARY KEY, a text);"
                + "INSERT INTO t VALUES (1, convert_from('\\x61e4'::bytea, 'SQL_ASCII')), (2, 'ä')");
        target.run("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'aä'), (2, 'ä')");
        assertThat(only(verify(VerifyOptions.of(source, target))).differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("id", "1")), List.of(new ColumnChange("a", "a\\344", "aä"))));
    }

    @Test
    void values_of_64_megabytes_are_compared_on_the_servers() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        String schema = "CREATE TABLE t (id int PRIMARY KEY, a text, x bytea);"
                + "INSERT INTO t SELECT 1, repeat('0123456789abcdeé', 4194304), NULL;"
                + "INSERT INTO t SELECT 2, NULL, decode(string_agg(md5(i::text), ''), 'hex')"
                + " FROM generate_series(1, 4194304) i";
        source.run(schema);
        target.run(schema);
        assertThat(only(verify(VerifyOptions.of(source, target))).verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run("UPDATE t SET a = overlay(a PLACING 'X' FROM 60000000) WHERE id = 1;"
                + "UPDATE t SET x = set_byte(x, 50000000, get_byte(x, 50000000) # 255) WHERE id = 2");
        TableComparison table = only(verify(VerifyOptions.of(source, target)));
        assertThat(table.changed()).isEqualTo(2);
        assertThat(table.differences())
                .allSatisfy(
                        difference -> assertThat(difference.toString().length()).isLessThan(10_000));
        RowDifference.Region text = region(table, 0);
        // 16 characters are 17 bytes; the one before the changed character ends a group.
        assertThat(text.position()).isEqualTo((60_000_000L / 16 - 1) * 17 + 16);
        assertThat(text.unit()).isEqualTo("bytes");
        assertThat(text.source()).contains("0123456789abcdeé");
        assertThat(text.target()).contains("0123456789abcdeX0123");
        RowDifference.Region bytes = region(table, 1);
        assertThat(bytes.position()).isEqualTo(50_000_001);
        assertThat(bytes.sourceLength()).isEqualTo(67_108_864);
        assertThat(bytes.source()).startsWith("\\x").isNotEqualTo(bytes.target());
    }

    private static RowDifference.Region region(TableComparison table, int row) {
        RowDifference.Region region = table.differences().get(row) instanceof RowDifference.Changed changed
                ? changed.columns().getFirst().region()
                : null;
        return region == null ? new RowDifference.Region(0, "", 0, 0, "", "") : region;
    }
}

package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.RowDifference.ColumnChange;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Rows that are missing, unexpected, changed or held too often, in tables of every shape. */
@ExtendWith(Servers.class)
final class RowsIT {
    private static final String THOUSANDS =
            "CREATE TABLE t (id bigint PRIMARY KEY, v text); INSERT INTO t SELECT i * 2, 'v' || i FROM"
                    + " generate_series(1, 20000) i; ANALYZE t;";

    private final Database source;
    private final Database target;

    RowsIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    private TableComparison compared() {
        return only(verify(VerifyOptions.of(source, target)));
    }

    @Test
    void the_same_rows_are_consistent() {
        source.run(THOUSANDS);
        target.run(THOUSANDS);
        TableComparison table = compared();
        assertThat(table.verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(table.sourceRows()).isEqualTo(20_000);
        assertThat(table.targetRows()).isEqualTo(20_000);
        assertThat(table.digest()).isEqualTo("exact");
    }

    @Test
    void rows_beyond_the_other_sides_ends_are_seen() {
        source.run(THOUSANDS + "INSERT INTO t VALUES (-5, 'low'), (5000000000, 'high')");
        target.run(THOUSANDS + "INSERT INTO t VALUES (-7, 'lower'), (9223372036854775807, 'highest')");
        TableComparison table = compared();
        assertThat(table.missing()).isEqualTo(2);
        assertThat(table.unexpected()).isEqualTo(2);
        assertThat(table.changed()).isZero();
        assertThat(table.differences())
                .containsExactly(
                        new RowDifference.Unexpected(List.of(new Cell("id", "-7"))),
                        new RowDifference.Missing(List.of(new Cell("id", "-5"))),
                        new RowDifference.Missing(List.of(new Cell("id", "5000000000"))),
                        new RowDifference.Unexpected(List.of(new Cell("id", "9223372036854775807"))));
    }

    @Test
    void all_differences_are_counted_and_few_are_listed() {
        source.run(THOUSANDS);
        target.run(THOUSANDS + "UPDATE t SET v = v || '!' WHERE id % 4 = 0; DELETE FROM t WHERE id % 100 = 2");
        TableComparison table = only(verify(VerifyOptions.of(source, target).withMaxDifferences(7)));
        assertThat(table.changed()).isEqualTo(10_000);
        assertThat(table.missing()).isEqualTo(400);
        assertThat(table.unexpected()).isZero();
        assertThat(table.differences()).hasSize(7);
        assertThat(table.truncated()).isTrue();
    }

    @Test
    void an_empty_table_is_consistent_and_an_emptied_one_is_not() {
        source.run("CREATE TABLE t (id int PRIMARY KEY)");
        target.run("CREATE TABLE t (id int PRIMARY KEY)");
        assertThat(compared().verdict()).isEqualTo(Verdict.CONSISTENT);
        source.run("INSERT INTO t SELECT generate_series(1, 3)");
        assertThat(compared().missing()).isEqualTo(3);
    }

    @Test
    void duplicates_in_a_table_without_key_are_counted() {
        source.run("CREATE TABLE t (a text, b int); INSERT INTO t VALUES ('x', 1), ('x', 1), ('y', 2), (NULL, 3)");
        target.run("CREATE TABLE t (b int, a text); INSERT INTO t VALUES (1, 'x'), (2, 'y'), (2, 'y'), (3, NULL)");
        TableComparison table = compared();
        assertThat(table.plan()).isEqualTo("multiset");
        assertThat(table.missing()).isEqualTo(1);
        assertThat(table.unexpected()).isEqualTo(1);
        assertThat(table.differences())
                .containsExactly(
                        new RowDifference.Occurrences(List.of(new Cell("a", "x"), new Cell("b", "1")), 2, 1),
                        new RowDifference.Occurrences(List.of(new Cell("a", "y"), new Cell("b", "2")), 1, 2));
    }

    @Test
    void a_single_null_is_a_row() {
        source.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (NULL), (NULL)");
        target.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (NULL), (0)");
        assertThat(compared().differences())
                .containsExactlyInAnyOrder(
                        new RowDifference.Occurrences(List.of(new Cell("a", null)), 2, 1),
                        new RowDifference.Occurrences(List.of(new Cell("a", "0")), 0, 1));
    }

    @Test
    void pairs_of_duplicates_do_not_cancel() {
        source.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1)");
        target.run("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2), (2)");
        TableComparison table = compared();
        assertThat(table.unexpected()).isEqualTo(2);
        assertThat(table.differences())
                .containsExactly(new RowDifference.Occurrences(List.of(new Cell("a", "2")), 0, 2));
    }

    @Test
    void columns_are_matched_by_name_and_dropped_ones_forgotten() {
        source.run("CREATE TABLE t (id int PRIMARY KEY, gone text, a int, b text); ALTER TABLE t DROP gone;"
                + "INSERT INTO t VALUES (1, 2, 'three')");
        target.run("CREATE TABLE t (b varchar(20), a bigint, id bigint PRIMARY KEY);"
                + "INSERT INTO t VALUES ('three', 2, 1)");
        assertThat(compared().verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run("UPDATE t SET a = 3");
        assertThat(compared().differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("id", "1")), List.of(new ColumnChange("a", "2", "3"))));
    }

    @Test
    void a_partitioned_table_equals_a_plain_one() {
        source.run("CREATE TABLE t (id int, at date, v text, PRIMARY KEY (id, at));"
                + "INSERT INTO t SELECT i, date '2026-01-01' + i % 300, 'v' FROM generate_series(1, 3000) i");
        target.run("CREATE TABLE t (id int, at date, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);"
                + "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-05-01');"
                + "CREATE TABLE t2 PARTITION OF t DEFAULT;"
                + "INSERT INTO t SELECT i, date '2026-01-01' + i % 300, 'v' FROM generate_series(1, 3000) i");
        assertThat(compared().verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run("UPDATE t SET v = NULL WHERE id = 299");
        assertThat(compared().differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("id", "299"), new Cell("at", "2026-10-27")),
                        List.of(new ColumnChange("v", "v", null))));
    }

    @Test
    void enums_compare_by_label_and_not_by_number() {
        source.run("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (m mood, n numeric);"
                + "CREATE TABLE t (id int PRIMARY KEY, m mood, l mood[], p pair);"
                + "INSERT INTO t VALUES (1, 'sad', '{ok,sad}', ('ok', 1.0))");
        target.run("CREATE TYPE other AS ENUM ('x'); CREATE TYPE mood AS ENUM ('sad', 'ok');"
                + "CREATE TYPE pair AS (m mood, n numeric);"
                + "CREATE TABLE t (id int PRIMARY KEY, m mood, l mood[], p pair);"
                + "INSERT INTO t VALUES (1, 'sad', '{ok,sad}', ('ok', 1.0))");
        assertThat(compared().verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run("UPDATE t SET p = ('ok', 1.00), m = 'ok'");
        assertThat(compared().differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("id", "1")),
                        List.of(new ColumnChange("m", "sad", "ok"), new ColumnChange("p", "(ok,1.0)", "(ok,1.00)"))));
    }

    @Test
    void settings_of_the_databases_do_not_show_through() {
        String table = "CREATE TABLE t (id timestamptz PRIMARY KEY, i interval, f float8, b bytea, x xml, m money);"
                + "INSERT INTO t VALUES ('2026-01-02 03:04:05.678901+00', '1 day 2 hours', 0.1, '\\x01', '<a/>', 5)";
        source.run(table);
        target.run("SET TimeZone = 'UTC';" + table);
        for (String setting : List.of(
                "TimeZone = 'America/New_York'",
                "DateStyle = 'German'",
                "IntervalStyle = 'iso_8601'",
                "extra_float_digits = -5",
                "bytea_output = 'escape'",
                "standard_conforming_strings = off",
                "search_path = 'nowhere'",
                "default_transaction_isolation = 'serializable'")) {
            target.run("ALTER DATABASE " + target.name() + " SET " + setting);
        }
        assertThat(compared().verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(only(verify(VerifyOptions.of(source, target)
                                .withDigest(org.pgrehearse.verifier.digest.DigestKind.TEXT)))
                        .verdict())
                .isEqualTo(Verdict.CONSISTENT);
    }

    @Test
    void keys_that_are_equal_and_written_differently_are_one_changed_row() {
        source.run("CREATE TABLE t (k numeric PRIMARY KEY, v int); INSERT INTO t VALUES (1.0, 1), (2.0, 2)");
        target.run("CREATE TABLE t (k numeric PRIMARY KEY, v int); INSERT INTO t VALUES (1.00, 1), (2.0, 2)");
        assertThat(compared().differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("k", "1.0")), List.of(new ColumnChange("k", "1.0", "1.00"))));
    }

    @Test
    void text_keys_do_not_depend_on_collations() {
        String rows =
                " PRIMARY KEY, v int); INSERT INTO t SELECT chr(65 + i % 50) || i, i FROM generate_series(1, 5000) i";
        source.run("CREATE TABLE t (k text COLLATE \"C\"" + rows);
        target.run("CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
                + "CREATE TABLE t (k text COLLATE loose" + rows + "; UPDATE t SET v = 0 WHERE v = 777");
        TableComparison table = compared();
        assertThat(table.changed()).isEqualTo(1);
        assertThat(table.missing() + table.unexpected()).isZero();
    }

    @Test
    void children_that_inherit_are_tables_of_their_own() {
        String tables = "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE child (PRIMARY KEY (id)) INHERITS (t);"
                + "INSERT INTO t VALUES (1); INSERT INTO child VALUES (2)";
        source.run(tables);
        target.run(tables);
        assertThat(verify(VerifyOptions.of(source, target)).tables())
                .extracting(TableComparison::sourceRows)
                .containsExactly(1L, 1L);
    }

    @Test
    void a_key_that_only_one_side_has_is_no_key() {
        source.run("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)");
        target.run("CREATE TABLE t (id int NOT NULL); INSERT INTO t VALUES (1), (1)");
        TableComparison table = compared();
        assertThat(table.plan()).isEqualTo("multiset");
        assertThat(table.unexpected()).isEqualTo(1);
    }

    @Test
    void a_unique_index_over_columns_without_nulls_is_a_key() {
        String table = "CREATE TABLE t (a int NOT NULL, b int NOT NULL, c int UNIQUE, v int);"
                + "CREATE UNIQUE INDEX ON t (a, b) INCLUDE (v); CREATE UNIQUE INDEX ON t (a) WHERE a > 100;"
                + "CREATE UNIQUE INDEX ON t ((a + b)); INSERT INTO t VALUES (1, 2, 3, 4)";
        source.run(table);
        target.run(table + "; UPDATE t SET v = 5");
        assertThat(compared().differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("a", "1"), new Cell("b", "2")), List.of(new ColumnChange("v", "4", "5"))));
    }

    @Test
    void quoted_names_and_values_survive() {
        String table = "CREATE SCHEMA \"S %s\"; CREATE TABLE \"S %s\".\"we\"\"ird '.t\" (\"I d\" int PRIMARY KEY,"
                + " \"select\" text,"
                + " \"%s\" text); INSERT INTO \"S %s\".\"we\"\"ird '.t\" VALUES (1, 'a''b\"c\\d', '%s')";
        source.run(table);
        target.run(table);
        assertThat(compared().verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run("UPDATE \"S %s\".\"we\"\"ird '.t\" SET \"%s\" = 'x'");
        assertThat(compared().differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("I d", "1")), List.of(new ColumnChange("%s", "%s", "x"))));
    }
}

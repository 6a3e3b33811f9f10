package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Tables whose rows lie in the order of their key are read by ranges of it; others are not. */
@ExtendWith(Servers.class)
final class RangesIT {
    private static final int ROWS = 40_000;
    private static final String WIDE = ", repeat(md5(i::text), 8) FROM generate_series(1, " + ROWS + ") i";
    private static final String ORDERED =
            "CREATE TABLE t (id bigint PRIMARY KEY, v text); INSERT INTO t SELECT i * 10" + WIDE + ";";

    private final Database source;
    private final Database target;

    RangesIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    private TableComparison compared(int maxDifferences) {
        return only(verify(VerifyOptions.of(source, target).withJobs(2).withMaxDifferences(maxDifferences)));
    }

    private TableComparison compared() {
        return compared(100);
    }

    private static Cell id(long id) {
        return new Cell("id", Long.toString(id));
    }

    @Test
    void the_same_rows_are_consistent_and_all_counted() {
        source.run(ORDERED);
        target.run(ORDERED);
        TableComparison table = compared();
        assertThat(table.plan()).isEqualTo("key-range");
        assertThat(table.verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(table.sourceRows()).isEqualTo(ROWS).isEqualTo(table.targetRows());
    }

    /**
     * The sums of ranges are exact whatever the digest, because that costs less; what they tell apart is looked at
     * again.
     */
    @ParameterizedTest
    @CsvSource({"0", "7"})
    void equal_rows_that_are_written_differently_are_the_same(int oneIn) {
        String table = "CREATE TABLE t (id bigint PRIMARY KEY, n numeric, v text); INSERT INTO t SELECT i, i + 0.5"
                + WIDE + ";";
        source.run(table);
        target.run(table + "UPDATE t SET n = n + 0.00 WHERE id % (1 + " + oneIn + ") = 0; CLUSTER t USING t_pkey");
        VerifyOptions equal = VerifyOptions.of(source, target).withJobs(2).withDigest(DigestKind.EQUAL);
        assertThat(only(verify(equal)).plan()).isEqualTo("key-range");
        assertThat(only(verify(equal)).verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(only(verify(equal)).sourceRows()).isEqualTo(ROWS);
        target.run("UPDATE t SET n = -n WHERE id = 12345; CLUSTER t USING t_pkey");
        assertThat(only(verify(equal)).differences()).singleElement().isInstanceOf(RowDifference.Changed.class);
        assertThat(compared().changed()).isEqualTo(ROWS / (1 + oneIn) + (12345 % (1 + oneIn) == 0 ? 0 : 1));
    }

    @Test
    void differences_inside_and_beyond_the_ends_are_found_and_nothing_else() {
        source.run(ORDERED + "INSERT INTO t VALUES (-1, 'low'), (9223372036854775807, 'high')");
        target.run(ORDERED + "INSERT INTO t VALUES (-2, 'low'), (200001, 'between');"
                + " UPDATE t SET v = v || '.' WHERE id = 250000; DELETE FROM t WHERE id = 77770");
        TableComparison table = compared();
        assertThat(table.plan()).isEqualTo("key-range");
        assertThat(table.missing()).isEqualTo(3);
        assertThat(table.unexpected()).isEqualTo(2);
        assertThat(table.changed()).isEqualTo(1);
        assertThat(table.truncated()).isFalse();
        assertThat(table.differences()).hasSize(6);
        assertThat(table.differences())
                .contains(
                        new RowDifference.Missing(List.of(id(-1))),
                        new RowDifference.Missing(List.of(id(77_770))),
                        new RowDifference.Missing(List.of(id(Long.MAX_VALUE))),
                        new RowDifference.Unexpected(List.of(id(-2))),
                        new RowDifference.Unexpected(List.of(id(200_001))));
    }

    @Test
    void values_swapped_between_rows_of_one_range_are_seen() {
        source.run(ORDERED);
        target.run(ORDERED + "UPDATE t SET v = (SELECT v FROM t o WHERE o.id = 300 - t.id) WHERE id IN (100, 200)");
        TableComparison table = compared();
        assertThat(table.changed()).isEqualTo(2);
    }

    @Test
    void rows_out_of_the_order_of_the_key_are_read_another_way() {
        source.run(ORDERED);
        target.run("CREATE TABLE t (id bigint PRIMARY KEY, v text); INSERT INTO t SELECT i * 10" + WIDE
                + " ORDER BY md5(i::text); DELETE FROM t WHERE id = 10");
        TableComparison table = compared();
        assertThat(table.plan()).isEqualTo("hash-buckets");
        assertThat(table.missing()).isEqualTo(1);
        assertThat(table.unexpected() + table.changed()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
            timestamptz      # timestamptz '2026-01-01' + i * interval '1 second' # key-range
            date             # date '1990-01-01' + i                              # key-range
            numeric          # i / 8.0                                            # key-range
            uuid             # lpad(to_hex(i), 32, '0')::uuid                     # key-range
            uuid             # md5(i::text)::uuid                                 # hash-buckets
            text COLLATE "C" # chr(39) || lpad(i::text, 9, '0')                   # key-range
            text COLLATE "C" # md5(i::text)                                       # hash-buckets
            smallint         # i - 20000                                          # key-range
            float8           # i                                                  # hash-buckets
            """)
    void a_key_of_a_type_with_one_order_everywhere_can_be_cut(String type, String key, String plan) {
        String table = "CREATE TABLE t (id " + type + " PRIMARY KEY, v text); INSERT INTO t SELECT " + key + WIDE;
        source.run(table);
        target.run(table + "; UPDATE t SET v = '' WHERE ctid = (SELECT max(ctid) FROM t WHERE v LIKE 'a%');"
                + " DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t WHERE v LIKE 'b%')");
        TableComparison found = compared();
        assertThat(found.plan()).isEqualTo(plan);
        assertThat(found.changed()).isEqualTo(1);
        assertThat(found.missing()).isEqualTo(1);
        assertThat(found.unexpected()).isZero();
    }

    @Test
    void a_widened_key_and_a_key_of_several_columns_are_cut_by_their_first_column() {
        String rows = " INSERT INTO t SELECT i / 3, i % 3" + WIDE + ";";
        source.run("CREATE TABLE t (a int, b smallint, v text, PRIMARY KEY (a, b));" + rows);
        target.run("CREATE TABLE t (b int, a bigint, v text, PRIMARY KEY (a, b)); INSERT INTO t SELECT i % 3, i / 3"
                + WIDE + "; DELETE FROM t WHERE a = 9000 AND b = 1");
        TableComparison table = compared();
        assertThat(table.plan()).isEqualTo("key-range");
        assertThat(table.missing()).isEqualTo(1);
        assertThat(table.differences())
                .containsExactly(new RowDifference.Missing(List.of(new Cell("a", "9000"), new Cell("b", "1"))));
    }

    @Test
    void a_first_column_with_few_values_cuts_nothing() {
        source.run(
                "CREATE TABLE t (a int, b int, v text, PRIMARY KEY (a, b)); INSERT INTO t SELECT i / 20000, i" + WIDE);
        target.run(
                "CREATE TABLE t (a int, b int, v text, PRIMARY KEY (a, b)); INSERT INTO t SELECT i / 20000, i" + WIDE);
        assertThat(compared().plan()).isEqualTo("hash-buckets");
    }

    @Test
    void an_empty_target_misses_every_row_and_the_lowest_keys_are_listed() {
        source.run(ORDERED);
        target.run("CREATE TABLE t (id bigint PRIMARY KEY, v text)");
        TableComparison table = compared(3);
        assertThat(table.missing()).isEqualTo(ROWS);
        assertThat(table.truncated()).isTrue();
        assertThat(table.differences()).hasSize(3);
    }

    @Test
    void a_third_of_all_rows_is_counted_exactly_and_few_are_listed() {
        source.run(ORDERED);
        target.run(ORDERED + "UPDATE t SET v = v || id WHERE id % 30 = 0");
        TableComparison table = compared(5);
        assertThat(table.changed()).isEqualTo(ROWS / 3);
        assertThat(table.missing() + table.unexpected()).isZero();
        assertThat(table.differences()).hasSize(5);
        assertThat(table.truncated()).isTrue();
    }

    @Test
    void a_table_without_statistics_is_cut_too() {
        source.run(ORDERED);
        target.run(ORDERED.replace("KEY, v text)", "KEY, v text) WITH (autovacuum_enabled = off)"));
        assertThat(target.value("SELECT count(*) FROM pg_stats WHERE tablename = 't'"))
                .isEqualTo("0");
        assertThat(compared().plan()).isEqualTo("key-range");
    }
}

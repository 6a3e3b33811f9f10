package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.RowDifference.ColumnChange;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Every kind of difference that other tools miss, planted and found. */
@ExtendWith(Servers.class)
final class ExactnessIT {
    private final Database source;
    private final Database target;

    ExactnessIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    @ParameterizedTest(name = "{0}: {1} is not {2}")
    @CsvFileSource(resources = "different-values.csv", delimiter = ';', quoteCharacter = '`', numLinesToSkip = 1)
    void two_values_that_are_not_the_same(String type, String left, String right) {
        source.run("CREATE TABLE t (id int PRIMARY KEY, v " + type + "); INSERT INTO t VALUES (1, " + left + "), (2, "
                + left + ")");
        target.run("CREATE TABLE t (id int PRIMARY KEY, v " + type + "); INSERT INTO t VALUES (1, " + left + "), (2, "
                + right + ")");
        for (DigestKind kind : List.of(DigestKind.EXACT, DigestKind.TEXT)) {
            TableComparison table = only(verify(VerifyOptions.of(source, target).withDigest(kind)));
            assertThat(table.verdict()).isEqualTo(Verdict.DIVERGENT);
            assertThat(table.changed()).isEqualTo(1);
            assertThat(table.differences())
                    .singleElement()
                    .satisfies(difference -> assertThat(key(difference)).containsExactly(new Cell("id", "2")));
        }
        assertThat(only(verify(VerifyOptions.of(source, source))).verdict()).isEqualTo(Verdict.CONSISTENT);
    }

    @ParameterizedTest(name = "{0}: {1} equals {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "numeric; 1.0; 1.00",
                "float8; '0'; '-0'",
                "interval; '1 month'; '30 days'",
                "jsonb; '{\"a\": 1.0}'; '{\"a\": 1.00}'",
                "bpchar; 'a '; 'a'",
                "numrange; '[1.0,2)'; '[1.00,2)'",
                "numeric[]; '{1.0}'; '{1.00}'"
            })
    void the_digest_equal_sees_what_the_type_sees(String type, String left, String right) {
        source.run("CREATE TABLE t (id int PRIMARY KEY, v " + type + "); INSERT INTO t VALUES (1, " + left + ")");
        target.run("CREATE TABLE t (id int PRIMARY KEY, v " + type + "); INSERT INTO t VALUES (1, " + right + ")");
        assertThat(only(verify(VerifyOptions.of(source, target).withDigest(DigestKind.EQUAL)))
                        .verdict())
                .isEqualTo(Verdict.CONSISTENT);
        assertThat(only(verify(VerifyOptions.of(source, target))).verdict()).isEqualTo(Verdict.DIVERGENT);
    }

    /** The server's own hashes leave out signs, upper halves and where an array ends. */
    @ParameterizedTest(name = "{0}: {1} does not equal {2}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "numeric(12,2); 100.00; -100.00",
                "numeric; 100.0; -100.00",
                "int8; 1; 4294967296",
                "numrange; '[-5,5]'; '[5,5]'",
                "numeric[]; '{1.5}'; '{-1.5}'",
                "jsonb; '[[1],2]'; '[[1,2]]'",
                "jsonb; '{\"a\": -1}'; '{\"a\": 1}'",
                "interval; '0.000001 s'; '4294.967296 s'"
            })
    void the_digest_equal_sees_whatever_the_type_sees(String type, String left, String right) {
        source.run("CREATE TABLE t (id int PRIMARY KEY, v " + type + "); INSERT INTO t VALUES (1, " + left + ")");
        target.run("CREATE TABLE t (id int PRIMARY KEY, v " + type + "); INSERT INTO t VALUES (1, " + right + ")");
        for (DigestKind kind : DigestKind.values()) {
            assertThat(only(verify(VerifyOptions.of(source, target).withDigest(kind)))
                            .changed())
                    .as(kind.toString())
                    .isEqualTo(1);
        }
    }

    @Test
    void neighbors_do_not_flow_together() {
        source.run("CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'ab', 'c')");
        target.run("CREATE TABLE t (id int PRIMARY KEY, a text, b text); INSERT INTO t VALUES (1, 'a', 'bc')");
        for (DigestKind kind : DigestKind.values()) {
            TableComparison table = only(verify(VerifyOptions.of(source, target).withDigest(kind)));
            assertThat(table.differences())
                    .containsExactly(new RowDifference.Changed(
                            List.of(new Cell("id", "1")),
                            List.of(new ColumnChange("a", "ab", "a"), new ColumnChange("b", "c", "bc"))));
        }
    }

    @Test
    void values_swapped_between_rows_are_seen() {
        String rows = "CREATE TABLE t (id int PRIMARY KEY, a int, b int); INSERT INTO t SELECT i, i, i * 7 FROM"
                + " generate_series(1, 1000) i;";
        source.run(rows);
        target.run(rows + "UPDATE t SET a = CASE id WHEN 10 THEN 20 ELSE 10 END WHERE id IN (10, 20)");
        TableComparison table = only(verify(VerifyOptions.of(source, target)));
        assertThat(table.changed()).isEqualTo(2);
        assertThat(table.missing() + table.unexpected()).isZero();
        assertThat(table.sourceRows()).isEqualTo(1000);
    }

    private static List<Cell> key(RowDifference difference) {
        return difference instanceof RowDifference.Changed changed ? changed.key() : List.of();
    }
}

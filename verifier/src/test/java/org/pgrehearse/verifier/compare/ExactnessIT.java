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
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "text; ''; NULL",
                "text; 'a'; 'a '",
                "text; 'a'; 'A'",
                "timestamptz; '2026-01-01 00:00:00.000001+00'; '2026-01-01 00:00:00.000002+00'",
                "timestamp; '2026-01-01 00:00:00.000001'; '2026-01-01 00:00:00.000002'",
                "numeric; 1.0; 1.00",
                "numeric; 'NaN'; NULL",
                "float8; '0'; '-0'",
                "float8; 0.1; 0.10000000000000002",
                "float4; '0'; '-0'",
                "interval; '1 day'; '24 hours'",
                "interval; '1 month'; '30 days'",
                "jsonb; '{\"a\": 1.0}'; '{\"a\": 1.00}'",
                "json; '{\"a\":1}'; '{\"a\": 1}'",
                "int[]; '{1,2,3,4}'; '{{1,2},{3,4}}'",
                "int[]; '{1,2}'; '[0:1]={1,2}'",
                "numeric[]; '{1.0}'; '{1.00}'",
                "text[]; '{a,b}'; '{\"a,b\"}'",
                "text[]; '{NULL}'; '{\"\"}'",
                "bit(3); B'101'; B'100'",
                "varbit; B'1'; B'10'",
                "bytea; '\\x00'; '\\x0000'",
                "money; 1.00; 1.01",
                "point; '(1,2)'; '(2,1)'",
                "polygon; '((0,0),(1,1))'; '((1,1),(0,0))'",
                "box; '(1,1),(0,0)'; '(2,1),(0,0)'",
                "circle; '<(0,0),1>'; '<(0,0),2>'",
                "tsvector; 'a b'; 'a c'",
                "tsquery; 'a & b'; 'a | b'",
                "xml; '<a/>'; '<a></a>'",
                "uuid; '00000000-0000-0000-0000-000000000001'; '00000000-0000-0000-0000-000000000002'",
                "inet; '10.0.0.1/8'; '10.0.0.1/9'",
                "cidr; '10.0.0.0/8'; '10.0.0.0/9'",
                "macaddr; '08:00:2b:01:02:03'; '08:00:2b:01:02:04'",
                "timetz; '10:00+01'; '09:00+00'",
                "time; '10:00:00.000001'; '10:00'",
                "date; 'infinity'; '-infinity'",
                "bool; true; NULL",
                "pg_lsn; '0/1'; '0/2'",
                "oid; 1; 2",
                "bpchar; 'a '; 'a'",
                "char(3); 'a'; 'b'",
                "varchar(3); 'a'; 'a '",
                "int4range; '[1,5)'; '[1,6)'",
                "numrange; '[1.0,2)'; '[1.00,2)'",
                "tstzrange; '[2026-01-01,)'; '(2026-01-01,)'",
                "int4multirange; '{[1,2),[5,6)}'; '{[1,2),[5,7)}'",
                "nummultirange; '{[1.0,2)}'; '{[1.00,2)}'",
                "jsonpath; '$.a'; '$.b'",
                "name; 'a'; 'b'",
                "\"char\"; 'a'; 'b'",
                "int8; 9223372036854775807; 9223372036854775806"
            })
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

package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.table;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.ColumnChanges;
import org.pgrehearse.verifier.ColumnCoverage;
import org.pgrehearse.verifier.ColumnCoverage.Status;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.RowDifference.ColumnChange;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.catalog.ColumnRules;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Columns and tables that a migration renamed, changed or left behind on purpose. */
@ExtendWith(Servers.class)
final class ColumnsIT {
    private final Database source;
    private final Database target;

    ColumnsIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    private Verification compared(List<String> maps, List<String> ignored) {
        return verify(VerifyOptions.of(source, target)
                .withSelection(Selection.everything().withColumns(new ColumnRules(maps, ignored))));
    }

    @Test
    void a_renamed_column_is_compared_also_as_a_key() {
        source.run("CREATE TABLE t (no int PRIMARY KEY, a text); INSERT INTO t SELECT i, 'v' || i FROM"
                + " generate_series(1, 5000) i");
        target.run("CREATE TABLE t (id int PRIMARY KEY, b text); INSERT INTO t SELECT i, 'v' || i FROM"
                + " generate_series(1, 5000) i");
        assertThat(compared(List.of(), List.of()).verdict()).isEqualTo(Verdict.DIVERGENT);
        List<String> maps = List.of("public.t.no=public.t.id", "public.t.a=public.t.b");
        Verification same = compared(maps, List.of());
        assertThat(same.tables()).singleElement().satisfies(table -> {
            assertThat(table.verdict()).isEqualTo(Verdict.CONSISTENT);
            assertThat(table.plan()).isEqualTo("hash-buckets");
        });
        assertThat(same.catalog()).extracting(CatalogFinding::object).noneMatch(object -> object.startsWith("column"));
        target.run("UPDATE t SET b = 'x' WHERE id = 777");
        assertThat(only(compared(maps, List.of())).differences())
                .containsExactly(new RowDifference.Changed(
                        List.of(new Cell("id", "777")), List.of(new ColumnChange("b", "v777", "x"))));
    }

    @Test
    void an_expression_is_evaluated_on_the_source_and_compared_with_the_target() {
        source.run("CREATE TABLE orders (id int PRIMARY KEY, amount numeric(10,2));"
                + "INSERT INTO orders SELECT i, i / 100.0 FROM generate_series(1, 1000) i");
        target.run("CREATE TABLE orders (id int PRIMARY KEY, amount_cents bigint);"
                + "INSERT INTO orders SELECT i, i FROM generate_series(1, 1000) i");
        List<String> maps = List.of("public.orders.amount_cents=(amount * 100)::bigint -- in cents");
        TableComparison table = only(compared(maps, List.of()));
        assertThat(table.verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(table.columns())
                .containsExactly(
                        new ColumnCoverage("amount_cents", Status.VERIFIED, null),
                        new ColumnCoverage("id", Status.VERIFIED, null),
                        new ColumnCoverage(
                                "amount", Status.EXCLUDED, "Compared through an expression of --map-column."));
        target.run("UPDATE orders SET amount_cents = 1 WHERE id IN (10, 20)");
        table = only(compared(maps, List.of()));
        assertThat(table.changed()).isEqualTo(2);
        assertThat(table.columnChanges())
                .isEqualTo(new ColumnChanges(2, true, List.of(new ColumnChanges.Count("amount_cents", 2))));
        assertThat(table.differences().getFirst())
                .isEqualTo(new RowDifference.Changed(
                        List.of(new Cell("id", "10")), List.of(new ColumnChange("amount_cents", "10", "1"))));
    }

    @Test
    void an_expression_that_fails_on_a_row_is_doubt_and_writes_nothing() {
        source.run("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, '5'), (2, 'five');"
                + "CREATE TABLE log (a int); CREATE FUNCTION writes() RETURNS int LANGUAGE sql AS"
                + " 'INSERT INTO public.log VALUES (1) RETURNING a'");
        target.run("CREATE TABLE t (id int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 5), (2, 5)");
        TableComparison table = table(compared(List.of("public.t.n=(a::int)"), List.of()), "public.t");
        assertThat(table.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(table.reason()).contains("(22P02)");
        table = table(compared(List.of("public.t.n=(public.writes())"), List.of()), "public.t");
        assertThat(table.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(table.reason()).contains("(25006)");
        assertThat(source.value("SELECT count(*) FROM log")).isEqualTo("0");
    }

    @Test
    void an_ignored_column_is_excluded_and_leaves_no_doubt() {
        source.run("CREATE TABLE t (id int PRIMARY KEY, a int, seen int); INSERT INTO t VALUES (1, 1, 1)");
        target.run("CREATE TABLE t (id int PRIMARY KEY, a int, added int); INSERT INTO t VALUES (1, 2, 3)");
        assertThat(only(compared(List.of(), List.of())).verdict()).isEqualTo(Verdict.DIVERGENT);
        List<String> ignored = List.of("public.t.a", "public.t.seen", "public.t.added");
        Verification verification = compared(List.of(), ignored);
        assertThat(verification.verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(only(verification).columns())
                .extracting(column -> column.column() + " " + column.status())
                .containsExactly("id VERIFIED", "a EXCLUDED", "added EXCLUDED", "seen EXCLUDED");
        target.run("UPDATE t SET id = 2");
        assertThat(compared(List.of(), ignored).verdict()).isEqualTo(Verdict.DIVERGENT);
    }

    @Test
    void a_key_that_is_ignored_is_no_key() {
        String table = "CREATE TABLE t (id int PRIMARY KEY, a int); INSERT INTO t VALUES ";
        source.run(table + "(1, 5), (2, 5)");
        target.run(table + "(8, 5), (9, 5)");
        TableComparison result = only(compared(List.of(), List.of("public.t.id")));
        assertThat(result.plan()).isEqualTo("multiset");
        assertThat(result.verdict()).isEqualTo(Verdict.CONSISTENT);
    }

    @Test
    void columns_that_swapped_their_names() {
        source.run("CREATE TABLE t (id int PRIMARY KEY, a int, b int); INSERT INTO t VALUES (1, 10, 20)");
        target.run("CREATE TABLE t (id int PRIMARY KEY, a int, b int); INSERT INTO t VALUES (1, 20, 10)");
        assertThat(compared(List.of(), List.of()).verdict()).isEqualTo(Verdict.DIVERGENT);
        assertThat(compared(List.of("t.a=t.b", "t.b=t.a"), List.of()).verdict()).isEqualTo(Verdict.CONSISTENT);
    }

    @Test
    void all_tables_of_a_schema_have_another_schema_also_within_one_database() {
        source.run("CREATE SCHEMA old; CREATE SCHEMA new; CREATE TABLE old.a (id int PRIMARY KEY);"
                + "CREATE TABLE old.b (id int PRIMARY KEY); CREATE TABLE new.a (id int PRIMARY KEY);"
                + "CREATE TABLE new.renamed (id int PRIMARY KEY); INSERT INTO old.a VALUES (1);"
                + "INSERT INTO new.a VALUES (1)");
        Selection selection = Selection.of(List.of("old.*"), List.of(), List.of("old.*=new.*", "old.b=new.renamed"));
        VerifyOptions options = VerifyOptions.of(source, source).withSelection(selection);
        assertThat(verify(options).tables())
                .extracting(table -> table.source() + " " + table.target() + " " + table.verdict())
                .containsExactly("old.a new.a CONSISTENT", "old.b new.renamed CONSISTENT");
        source.run("INSERT INTO new.a VALUES (2)");
        assertThat(table(verify(options), "old.a").unexpected()).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "public.orders.amuont=public.orders.amount; Cannot find the column public.orders.amuont on the source:"
                        + " table public.orders has no such column. Did you mean amount?",
                "public.order.amount=public.orders.amount; Cannot use the column rule"
                        + " public.order.amount=public.orders.amount: it names no table that is compared on both sides."
                        + " Did you mean public.orders?",
                "public.orders.amount=(amount +); Cannot compute (amount +) on the source for the column amount of"
                        + " public.orders: syntax error at or near \")\" (42601).",
                "public.orders.amount=(nothing); column \"nothing\" does not exist (42703)",
                "public.orders.amount; Cannot read the column map public.orders.amount.",
                "amount=(1); Cannot read the column amount."
            })
    void a_rule_that_cannot_be_understood_is_a_mistake_of_usage(String map, String message) {
        String table = "CREATE TABLE orders (id int PRIMARY KEY, amount int)";
        source.run(table);
        target.run(table);
        assertThatThrownBy(() -> new Verifier()
                        .verify(
                                VerifyOptions.of(source, target)
                                        .withSelection(Selection.everything()
                                                .withColumns(new ColumnRules(List.of(map), List.of()))),
                                Progress.NONE))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void a_column_that_may_not_be_read_hides_only_itself() {
        String table = "CREATE TABLE t (id int PRIMARY KEY, open int, closed int); INSERT INTO t VALUES (1, 2, 3);"
                + "DO $$ BEGIN CREATE ROLE verifying LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
                + "GRANT SELECT (id, open) ON t TO verifying";
        source.run(table);
        target.run(table);
        Verification verification = verify(VerifyOptions.of(source, target.as("verifying")));
        assertThat(only(verification).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(only(verification).reason())
                .startsWith("Cannot compare the columns closed (Permission denied on the target (42501).")
                .endsWith("The 2 columns that could be compared hold the same.");
        assertThat(verification.catalog()).isEmpty();
        assertThat(verify(VerifyOptions.of(source, target.as("verifying"))
                                .withSelection(Selection.everything()
                                        .withColumns(new ColumnRules(List.of(), List.of("public.t.closed")))))
                        .verdict())
                .isEqualTo(Verdict.CONSISTENT);
    }
}

package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.Verification.Skipped;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** What the catalogues say of everything that is no row. */
@ExtendWith(Servers.class)
final class ObjectsIT {
    private final Servers.Running servers;

    ObjectsIT(Servers.Running servers) {
        this.servers = servers;
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({"12, 18", "12, 14", "14, 15", "15, 17", "15, 18", "17, 18"})
    void a_rich_schema_on_two_majors_makes_no_noise(int from, int to) throws IOException {
        String schema = Resources.text("rich-schema.sql");
        Database source = servers.database(from);
        Database target = servers.database(to);
        source.run(schema);
        target.run(schema);
        assertThat(verify(VerifyOptions.of(source, target)).catalog())
                .filteredOn(finding -> !finding.object().startsWith("extension "))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "ALTER TYPE mood ADD VALUE 'more'; enum public.mood DIFFERENT WARNING",
                "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'; enum public.mood DIFFERENT ERROR",
                "ALTER DOMAIN positive DROP CONSTRAINT pos; domain public.positive DIFFERENT WARNING",
                "ALTER TYPE pair ADD ATTRIBUTE z int; type public.pair DIFFERENT WARNING",
                "DROP VIEW v5; view public.v5 MISSING WARNING",
                "CREATE OR REPLACE VIEW v1 AS SELECT p.id, t.d, p.name FROM p JOIN t ON t.p = p.id;"
                        + " view public.v1 DIFFERENT WARNING",
                "CREATE VIEW more AS SELECT 1; view public.more UNEXPECTED WARNING",
                "CREATE OR REPLACE FUNCTION g(VARIADIC xs int[]) RETURNS SETOF mood LANGUAGE sql IMMUTABLE"
                        + " PARALLEL SAFE AS 'SELECT ''sad''::public.mood';"
                        + " function public.g(integer[]) DIFFERENT WARNING",
                "ALTER FUNCTION g VOLATILE; function public.g(integer[]) DIFFERENT WARNING",
                "DROP AGGREGATE agg(int); function public.agg(integer) MISSING WARNING",
                "REVOKE EXECUTE ON FUNCTION f FROM PUBLIC; function public.f(integer,text) DIFFERENT WARNING",
                "ALTER TABLE t ENABLE TRIGGER ctr; trigger ctr of public.t DIFFERENT WARNING",
                "DROP TRIGGER tr ON t; trigger tr of public.t MISSING WARNING",
                "ALTER TABLE t DISABLE ROW LEVEL SECURITY; row level security of public.t DIFFERENT WARNING",
                "ALTER POLICY pol ON t USING (true); policy pol of public.t DIFFERENT WARNING",
                "ALTER TABLE p REPLICA IDENTITY NOTHING; replica identity of public.p DIFFERENT WARNING",
                "ALTER TABLE app.x SET UNLOGGED; persistence of app.x DIFFERENT ERROR",
                "REVOKE INSERT ON p FROM PUBLIC; privileges of public.p DIFFERENT WARNING",
                "REVOKE UPDATE (d) ON t FROM PUBLIC; privileges of public.t DIFFERENT WARNING",
                "ALTER TABLE p ALTER name DROP DEFAULT; column public.p.name DIFFERENT ERROR",
                "ALTER TABLE p ALTER at SET DEFAULT '2020-01-01'; column public.p.at DIFFERENT WARNING",
                "ALTER TABLE t ALTER id SET GENERATED ALWAYS; column public.t.id DIFFERENT WARNING",
                "ALTER TABLE t ALTER g DROP EXPRESSION; column public.t.g DIFFERENT WARNING",
                "DROP RULE ru ON v1; rule ru ON public.v1 MISSING WARNING",
                "DROP STATISTICS st; statistics public.st MISSING WARNING",
                "DROP EXTENSION hstore; extension hstore MISSING WARNING",
                "ALTER SCHEMA app RENAME TO app2; schema app MISSING WARNING",
                "CREATE FUNCTION ev() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
                        + " function public.ev() UNEXPECTED WARNING"
            })
    void one_planted_change_is_found(String change, String expected) throws IOException {
        String schema = Resources.text("rich-schema.sql");
        Database source = servers.database(15);
        Database target = servers.database(15);
        source.run(schema);
        target.run(schema + ";" + change);
        List<CatalogFinding> findings = verify(VerifyOptions.of(source, target)).catalog();
        assertThat(findings)
                .extracting(finding -> finding.object() + " " + finding.kind() + " " + finding.severity())
                .contains(expected);
    }

    @Test
    void what_hides_behind_another_way_of_writing_is_still_found_by_its_outline() throws IOException {
        String schema = Resources.text("rich-schema.sql");
        Database source = servers.database(12);
        Database target = servers.database(18);
        source.run(schema);
        target.run(schema + "; DROP VIEW v3; CREATE VIEW v3 WITH (security_barrier) AS"
                + " SELECT id, name, (SELECT max(g) FROM t WHERE t.p = p.id) AS m FROM p");
        assertThat(verify(VerifyOptions.of(source, target)).catalog())
                .extracting(CatalogFinding::object)
                .contains("view public.v3");
    }

    @Test
    void a_selection_of_tables_is_compared_without_the_rest_of_the_catalogue() throws IOException {
        Database source = servers.database(15);
        Database target = servers.database(17);
        source.run("CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS SELECT 1");
        target.run("CREATE TABLE t (id int PRIMARY KEY)");
        Selection only = Selection.of(List.of("t"), List.of(), List.of());
        assertThat(verify(VerifyOptions.of(source, target).withSelection(only)).catalog())
                .isEmpty();
        assertThat(verify(VerifyOptions.of(source, target)).catalog()).hasSize(1);
    }

    @Test
    void large_objects_are_compared_by_content() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        String table = "CREATE TABLE t (id int PRIMARY KEY);";
        String objects = "SELECT lo_from_bytea(50001, 'abc'), lo_from_bytea(50002, decode(repeat('ab', 9000), 'hex'));";
        source.run(table + objects);
        target.run(table + objects);
        assertThat(verify(VerifyOptions.of(source, target)).verdict()).isEqualTo(Verdict.CONSISTENT);
        // The same content with a hole, which is stored as nothing on one side and as zeros on the other.
        source.run("SELECT lo_create(50003); SELECT lo_put(50003, 9000, 'x')");
        target.run("SELECT lo_from_bytea(50003, decode(repeat('00', 9000), 'hex') || 'x'::bytea)");
        assertThat(verify(VerifyOptions.of(source, target)).verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run("SELECT lo_put(50002, 8999, 'X'); SELECT lo_unlink(50001); SELECT lo_from_bytea(50004, '')");
        Verification verification = verify(VerifyOptions.of(source, target));
        assertThat(verification.verdict()).isEqualTo(Verdict.DIVERGENT);
        assertThat(verification.catalog())
                .extracting(finding -> finding.object() + " " + finding.kind())
                .containsExactly(
                        "large object 50001 MISSING", "large object 50002 DIFFERENT", "large object 50004 UNEXPECTED");
    }

    @Test
    void large_objects_that_may_not_be_read_are_a_gap() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        String role = "CREATE TABLE t (id int PRIMARY KEY); GRANT SELECT ON t TO PUBLIC;"
                + "DO $$ BEGIN CREATE ROLE verifying LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;";
        source.run(role);
        target.run(role);
        assertThat(verify(VerifyOptions.of(source, target.as("verifying"))).verdict())
                .isEqualTo(Verdict.CONSISTENT);
        source.run("SELECT lo_from_bytea(0, 'abc')");
        Verification verification = verify(VerifyOptions.of(source, target.as("verifying")));
        assertThat(verification.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verification.coverage()).singleElement().satisfies(skipped -> {
            assertThat(skipped.object()).isEqualTo("large objects");
            assertThat(skipped.reason())
                    .contains("Cannot read pg_largeobject on target")
                    .contains("1 on the source");
        });
    }

    @Test
    void relations_without_rows_of_their_own_are_told_and_leave_no_doubt() {
        Database source = servers.database(15);
        Database target = servers.database(17);
        String schema = "CREATE TABLE t (id int PRIMARY KEY); CREATE MATERIALIZED VIEW m AS SELECT * FROM t;"
                + "CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;"
                + "CREATE FOREIGN TABLE f (a text) SERVER files OPTIONS (filename '/dev/null')";
        source.run(schema);
        target.run(schema);
        Verification verification = verify(VerifyOptions.of(source, target));
        assertThat(verification.coverage())
                .extracting(skipped -> skipped.object() + " " + skipped.status())
                .containsExactly(
                        "foreign table public.f " + Skipped.Status.EXCLUDED,
                        "materialized view public.m " + Skipped.Status.EXCLUDED);
        assertThat(verification.verdict()).isEqualTo(Verdict.CONSISTENT);
    }
}

package org.pgrehearse.verifier.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.preflight.Check.Answer;

final class ComparisonsTest {
    @Test
    void a_target_of_an_older_major_is_found() {
        assertThat(Comparisons.older(of("server", "17"), of("server", "15"))).hasSize(1);
        assertThat(Comparisons.older(of("server", "9"), of("server", "15"))).isEmpty();
        assertThat(Comparisons.older(of("server", "15"), of("server", "15"))).isEmpty();
    }

    @Test
    void another_value_is_told_with_both_and_the_fix_restores_the_sources() {
        List<Answer> found = Comparisons.settings(of("IntervalStyle", "iso_8601"), of("IntervalStyle", "postgres"));
        assertThat(found.getFirst().detail()).isEqualTo("'iso_8601' on the source and 'postgres' on the target");
        assertThat(found.getFirst().fix())
                .isEqualTo("ALTER SYSTEM SET IntervalStyle = 'iso_8601'; SELECT pg_reload_conf();");
        assertThat(Comparisons.settings(of("a", "1"), of("a", "1"))).isEmpty();
        assertThat(Comparisons.differing(of("encoding", "UTF8"), of("encoding", "LATIN1")))
                .hasSize(1);
    }

    @Test
    void a_stored_setting_is_missed_on_either_side() {
        Answer here = new Answer("DateStyle of the database", "ISO", "ALTER DATABASE a SET DateStyle = ...;");
        List<Answer> lost = Comparisons.stored(List.of(here), List.of());
        assertThat(lost.getFirst().fix()).startsWith("ALTER DATABASE a SET DateStyle = 'ISO'; on");
        List<Answer> more = Comparisons.stored(List.of(), List.of(here));
        assertThat(more.getFirst().fix()).isEqualTo("ALTER DATABASE a RESET DateStyle;");
        assertThat(Comparisons.stored(List.of(here), List.of(here))).isEmpty();
    }

    @Test
    void an_extension_is_missing_or_not_even_available_or_older() {
        assertThat(Comparisons.extensions(of("postgis", "3.4"), List.of())
                        .getFirst()
                        .fix())
                .contains("Install its package");
        assertThat(Comparisons.extensions(of("postgis", "3.4"), of("postgis", ""))
                        .getFirst()
                        .fix())
                .isEqualTo("CREATE EXTENSION \"postgis\"; on the target");
        assertThat(Comparisons.extensions(of("postgis", "3.4"), of("postgis", "3.4")))
                .isEmpty();
        assertThat(Comparisons.olderExtensions(of("postgis", "3.10"), of("postgis", "3.4")))
                .hasSize(1);
        assertThat(Comparisons.olderExtensions(of("postgis", "3.4"), of("postgis", "3.10")))
                .isEmpty();
        assertThat(Comparisons.olderExtensions(of("postgis", "3.4"), List.of())).isEmpty();
    }

    @Test
    void a_schema_that_is_not_there_is_one_finding_and_no_list_of_tables() {
        List<Answer> source = List.of(new Answer("public.a", "table", ""), new Answer("public.b", "table", ""));
        assertThat(Comparisons.noTable(source, of("public.c", "table"))).hasSize(1);
        assertThat(Comparisons.missingTables(source, of("public.c", "table"))).isEmpty();
        assertThat(Comparisons.noTable(source, of("public.a", "table"))).isEmpty();
        assertThat(Comparisons.missingTables(source, of("public.a", "table")))
                .extracting(Answer::object)
                .containsExactly("public.b");
        assertThat(Comparisons.noTable(List.of(), List.of())).isEmpty();
    }

    @Test
    void a_column_of_a_table_on_both_sides_is_missing_or_of_another_type() {
        Answer type = new Answer("public.t.v", "text", "public.t");
        Answer other = new Answer("public.t.w", "integer", "public.t");
        List<Answer> found = Comparisons.columns(
                List.of(type, other, new Answer("public.u.x", "text", "public.u")),
                List.of(new Answer("public.t.v", "character varying(9)", "public.t")));
        assertThat(found)
                .extracting(Answer::fix)
                .containsExactly(
                        "ALTER TABLE public.t ALTER COLUMN v TYPE text; on the target",
                        "ALTER TABLE public.t ADD COLUMN w integer; on the target");
    }

    @Test
    void rows_of_a_table_that_the_source_does_not_have_collide_with_nothing() {
        assertThat(Comparisons.filled(of("public.a", "table"), of("public.b", "holds rows")))
                .isEmpty();
        assertThat(Comparisons.filled(of("public.a", "table"), of("public.a", "holds rows")))
                .hasSize(1);
    }

    @Test
    void roles_and_tablespaces_that_the_target_lacks_are_found() {
        assertThat(Comparisons.roles(of("app", "owns"), of("postgres", "")))
                .extracting(Answer::object)
                .containsExactly("app");
        assertThat(Comparisons.tablespaces(of("fast", "holds"), of("fast", ""))).isEmpty();
        assertThat(Comparisons.tablespaces(of("fast", "holds"), List.of())).hasSize(1);
    }

    private static List<Answer> of(String object, String detail) {
        return List.of(new Answer(object, detail, ""));
    }
}

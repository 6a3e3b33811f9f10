package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Two dumps of one schema are the same, whatever differs between runs, and one changed definition is named. */
final class SchemaDumpTest {
    private static final String DUMP = """
            --
            -- PostgreSQL database dump
            --

            \\restrict abc

            SET statement_timeout = 0;

            --
            -- Name: price(integer); Type: FUNCTION; Schema: shop; Owner: postgres
            --

            CREATE FUNCTION shop.price(n integer) RETURNS integer
                LANGUAGE sql
                AS $$SELECT n * 2$$;


            SET default_tablespace = '';

            --
            -- Name: orders; Type: TABLE; Schema: shop; Owner: postgres
            --

            CREATE TABLE shop.orders (
                id integer
            );

            --
            -- Name: SCHEMA public; Type: ACL; Schema: -; Owner: postgres
            --

            GRANT ALL ON SCHEMA public TO PUBLIC;


            --
            -- PostgreSQL database dump complete
            --

            \\unrestrict abc
            """;

    private final SchemaDump dump = SchemaDump.of(DUMP);

    @Test
    void objects_are_known_by_kind_and_name() {
        assertThat(dump.objects())
                .containsOnlyKeys("FUNCTION shop.price(integer)", "TABLE shop.orders", "ACL SCHEMA public");
        assertThat(dump.objects().get("ACL SCHEMA public")).isEqualTo("GRANT ALL ON SCHEMA public TO PUBLIC;");
    }

    @Test
    void what_differs_between_two_dumps_of_one_schema_is_no_difference() {
        String other = DUMP.replace("restrict abc", "restrict xyz").replace("SET default_tablespace = '';\n", "");
        assertThat(SchemaDump.of(other).told(dump, false)).isEmpty();
    }

    @Test
    void a_changed_body_a_missing_grant_and_a_new_object_are_told() {
        String other = DUMP.replace("n * 2", "n * 3")
                .replace("-- Name: SCHEMA public; Type: ACL; Schema: -", "-- Name: mood; Type: TYPE; Schema: shop");
        assertThat(SchemaDump.of(other).told(dump, false))
                .isEqualTo("- ACL SCHEMA public, FUNCTION shop.price(integer) differs, + TYPE shop.mood");
    }

    @Test
    void tables_that_are_told_already_are_not_told_twice() {
        String other = DUMP.replace("    id integer", "    id bigint");
        assertThat(SchemaDump.of(other).told(dump, false)).isEqualTo("TABLE shop.orders differs");
        assertThat(SchemaDump.of(other).told(dump, true)).isEmpty();
    }
}

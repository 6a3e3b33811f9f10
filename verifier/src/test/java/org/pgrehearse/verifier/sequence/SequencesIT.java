package org.pgrehearse.verifier.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.Catalog;
import org.pgrehearse.verifier.catalog.CatalogReader;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.snapshot.Snapshot;
import org.pgrehearse.verifier.snapshot.Timeouts;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Sequences that would hand out what was handed out before. */
@ExtendWith(Servers.class)
final class SequencesIT {
    private final Database source;
    private final Database target;

    SequencesIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    private List<SequenceComparison> compared(Selection selection) throws Exception {
        try (Snapshot left = Snapshot.open(Side.SOURCE, source, null, Timeouts.defaults(), 1, System::nanoTime);
                Snapshot right = Snapshot.open(Side.TARGET, target, null, Timeouts.defaults(), 1, System::nanoTime)) {
            Catalog ofSource = left.read(session -> CatalogReader.read(session, 15));
            Catalog ofTarget = right.read(session -> CatalogReader.read(session, 17));
            return new SequenceComparer(left, right, selection.pairs(ofSource, ofTarget), selection.partial())
                    .compare(ofSource.sequences(), ofTarget.sequences());
        }
    }

    private SequenceComparison only() throws Exception {
        List<SequenceComparison> all = compared(Selection.everything());
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private void onBoth(String sql) {
        source.run(sql);
        target.run(sql);
    }

    @Test
    void a_serial_whose_sequence_stayed_behind_the_data() throws Exception {
        onBoth("CREATE TABLE t (id bigserial PRIMARY KEY)");
        source.run("INSERT INTO t SELECT nextval('t_id_seq') FROM generate_series(1, 2000)");
        target.run("INSERT INTO t SELECT generate_series(1, 2000)");
        SequenceComparison behind = only();
        assertThat(behind)
                .isEqualTo(new SequenceComparison(
                        "public.t_id_seq", Verdict.DIVERGENT, "behind-data", 2000L, null, 2000L, null, 1L, true, null));
        target.run("SELECT setval('t_id_seq', 2000)");
        assertThat(only())
                .isEqualTo(new SequenceComparison(
                        "public.t_id_seq", Verdict.CONSISTENT, "ok", 2000L, 2000L, 2000L, null, 2001L, null, null));
        target.run("SELECT setval('t_id_seq', 2000, false)");
        assertThat(only().kind()).isEqualTo("behind-data");
        target.run("SELECT setval('t_id_seq', 2001, false)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void a_sequence_behind_the_source_though_the_data_allow_it() throws Exception {
        onBoth("CREATE SEQUENCE invoice START 100");
        source.run("SELECT nextval('invoice') FROM generate_series(1, 5)");
        assertThat(only().kind()).isEqualTo("behind-source");
        assertThat(only().verdict()).isEqualTo(Verdict.DIVERGENT);
        assertThat(only().sourceLast()).isEqualTo(104);
        assertThat(only().targetNext()).isEqualTo(100);
        target.run("SELECT setval('invoice', 500)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void a_sequence_owned_by_nobody_that_feeds_a_column() throws Exception {
        onBoth("CREATE SEQUENCE numbers; CREATE TABLE a (n int DEFAULT nextval('numbers'));"
                + "CREATE TABLE b (n numeric DEFAULT nextval('numbers'));"
                + "CREATE TABLE c (n text DEFAULT 'N' || nextval('numbers'))");
        target.run("INSERT INTO a VALUES (3); INSERT INTO b VALUES (7.5); INSERT INTO c VALUES ('N99');"
                + "SELECT setval('numbers', 6)");
        assertThat(only().kind()).isEqualTo("behind-data");
        assertThat(only().targetMax()).isEqualTo(7);
        target.run("SELECT setval('numbers', 7)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void an_identity_column_that_counts_down() throws Exception {
        onBoth("CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY (INCREMENT -1 MAXVALUE -1 MINVALUE -1000))");
        source.run("INSERT INTO t SELECT FROM generate_series(1, 10)");
        target.run("INSERT INTO t OVERRIDING SYSTEM VALUE SELECT -i FROM generate_series(1, 10) i");
        assertThat(only().kind()).isEqualTo("behind-data");
        assertThat(only().targetMax()).isEqualTo(-10);
        target.run("SELECT setval('t_id_seq', -10)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void values_outside_the_sequences_range_do_not_count() throws Exception {
        onBoth("CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (MAXVALUE 1000) PRIMARY KEY);"
                + "INSERT INTO t OVERRIDING SYSTEM VALUE VALUES (9000000000), (-4)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void a_serial_that_became_an_identity_is_matched_by_its_column() throws Exception {
        source.run("CREATE SEQUENCE old; CREATE TABLE t (id bigint PRIMARY KEY DEFAULT nextval('old'));"
                + "SELECT setval('old', 9)");
        target.run("CREATE TABLE t (id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY)");
        assertThat(only().sequence()).isEqualTo("public.old");
        assertThat(only().kind()).isEqualTo("behind-source");
    }

    @Test
    void a_missing_sequence_is_divergent_and_an_unreadable_one_is_doubt() throws Exception {
        source.run("CREATE SEQUENCE lost");
        assertThat(only().kind()).isEqualTo("missing");
        assertThat(only().verdict()).isEqualTo(Verdict.DIVERGENT);
        target.run("CREATE SEQUENCE lost;"
                + "DO $$ BEGIN CREATE ROLE blind LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        Database blind = target.as("blind");
        try (Snapshot left = Snapshot.open(Side.SOURCE, source, null, Timeouts.defaults(), 1, System::nanoTime);
                Snapshot right = Snapshot.open(Side.TARGET, blind, null, Timeouts.defaults(), 1, System::nanoTime)) {
            Catalog ofSource = left.read(session -> CatalogReader.read(session, 15));
            Catalog ofTarget = right.read(session -> CatalogReader.read(session, 17));
            SequenceComparison unread = new SequenceComparer(left, right, List.of(), false)
                    .compare(ofSource.sequences(), ofTarget.sequences())
                    .getFirst();
            assertThat(unread.kind()).isEqualTo("unread");
            assertThat(unread.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
            assertThat(unread.reason()).contains("Cannot read sequence public.lost on target");
        }
    }

    @Test
    void a_selection_of_tables_leaves_other_sequences_out() throws Exception {
        onBoth("CREATE TABLE t (id serial PRIMARY KEY); CREATE TABLE u (id serial PRIMARY KEY); CREATE SEQUENCE alone");
        assertThat(compared(Selection.of(List.of("t"), List.of(), List.of())))
                .extracting(SequenceComparison::sequence)
                .containsExactly("public.t_id_seq");
    }

    @Test
    void a_next_value_in_a_gap_is_behind_the_data_and_does_not_collide_yet() throws Exception {
        onBoth("CREATE TABLE t (id bigserial PRIMARY KEY); INSERT INTO t VALUES (1), (2), (500)");
        target.run("SELECT setval('t_id_seq', 2)");
        assertThat(only().kind()).isEqualTo("behind-data");
        assertThat(only().nextExists()).isFalse();
        target.run("SELECT setval('t_id_seq', 1)");
        assertThat(only().nextExists()).isTrue();
    }

    @Test
    void a_first_value_that_was_not_handed_out_yet() throws Exception {
        onBoth("CREATE TABLE t (id bigserial PRIMARY KEY); INSERT INTO t VALUES (1)");
        assertThat(only().kind()).isEqualTo("behind-data");
        target.run("DELETE FROM t");
        assertThat(only().kind()).isEqualTo("ok");
        source.run("SELECT nextval('t_id_seq')");
        assertThat(only().kind()).isEqualTo("behind-source");
        assertThat(only().sourceLast()).isEqualTo(1);
        assertThat(only().targetLast()).isNull();
        target.run("SELECT nextval('t_id_seq')");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void a_source_that_was_set_ahead_is_followed() throws Exception {
        onBoth("CREATE SEQUENCE s");
        source.run("SELECT setval('s', 500, false)");
        assertThat(only().kind()).isEqualTo("behind-source");
        target.run("SELECT setval('s', 500, false)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void a_cycling_sequence_that_would_collide() throws Exception {
        onBoth("CREATE SEQUENCE turn MAXVALUE 5 CYCLE; CREATE TABLE t (n int DEFAULT nextval('turn'));"
                + "INSERT INTO t VALUES (1), (5); SELECT setval('turn', 3)");
        assertThat(only().kind()).isEqualTo("ok");
        target.run("SELECT setval('turn', 5)");
        assertThat(only().kind()).isEqualTo("would-collide");
        assertThat(only().targetNext()).isEqualTo(1);
        target.run("DELETE FROM t WHERE n = 1");
        assertThat(only().kind()).isEqualTo("behind-source");
        source.run("SELECT setval('turn', 5)");
        target.run("INSERT INTO t VALUES (1)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void a_sequence_at_its_end_while_the_source_goes_on() throws Exception {
        onBoth("CREATE SEQUENCE s MAXVALUE 10");
        target.run("SELECT setval('s', 10)");
        assertThat(only().kind()).isEqualTo("exhausted");
        assertThat(only().targetNext()).isNull();
        source.run("SELECT setval('s', 10)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void a_definition_that_hands_out_other_values_is_different_and_a_wider_one_is_not() throws Exception {
        source.run("CREATE SEQUENCE s AS int INCREMENT 2 CACHE 10");
        target.run("CREATE SEQUENCE s AS bigint INCREMENT 2 START 7");
        assertThat(only().kind()).isEqualTo("ok");
        assertThat(only().detail())
                .isEqualTo("type integer → bigint, maximum 2147483647 → 9223372036854775807, start 1 → 7,"
                        + " cache 10 → 1");
        for (String change : List.of("INCREMENT 3", "INCREMENT 2 MAXVALUE 100", "NO MAXVALUE MINVALUE 5", "CYCLE")) {
            target.run("ALTER SEQUENCE s " + change);
            assertThat(only().kind()).as(change).isEqualTo("different");
            assertThat(only().verdict()).isEqualTo(Verdict.DIVERGENT);
            target.run("ALTER SEQUENCE s INCREMENT 2 NO MAXVALUE NO MINVALUE NO CYCLE");
        }
    }

    @Test
    void a_sequence_that_only_the_target_has_is_unexpected_and_counts_if_it_is_behind() throws Exception {
        source.run("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (3)");
        target.run("CREATE TABLE t (id serial PRIMARY KEY); SELECT setval('t_id_seq', 3)");
        assertThat(only().kind()).isEqualTo("unexpected");
        assertThat(only().verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run("INSERT INTO t VALUES (4)");
        assertThat(only().kind()).isEqualTo("behind-data");
        assertThat(only().verdict()).isEqualTo(Verdict.DIVERGENT);
    }

    @Test
    void values_in_the_caches_of_sessions_lie_before_the_next_one() throws Exception {
        onBoth("CREATE SEQUENCE s CACHE 50; SELECT nextval('s')");
        assertThat(only().targetLast()).isEqualTo(50);
        assertThat(only().targetNext()).isEqualTo(51);
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void sequences_are_found_in_functions() throws Exception {
        onBoth("CREATE SEQUENCE one; CREATE SEQUENCE two; CREATE SEQUENCE three; CREATE SEQUENCE four;"
                + "CREATE FUNCTION next_one() RETURNS bigint LANGUAGE plpgsql AS"
                + " $$BEGIN RETURN nextval('one'); END$$;"
                + "CREATE FUNCTION next_two() RETURNS bigint LANGUAGE sql AS $$SELECT nextval('two') * 1000 + 7$$;"
                + "CREATE TABLE a (id bigint DEFAULT next_one()); CREATE TABLE b (id bigint DEFAULT next_two());"
                + "CREATE TABLE c (id bigint, v int);"
                + "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$BEGIN NEW.id := nextval('public.three'); RETURN NEW; END$$;"
                + "CREATE TRIGGER fill BEFORE INSERT ON c FOR EACH ROW EXECUTE FUNCTION fill();"
                + "CREATE TABLE d (id bigint DEFAULT nextval(('four'::text)::regclass))");
        assertThat(compared(Selection.everything()))
                .extracting(SequenceComparison::kind)
                .containsOnly("ok");
        target.run("INSERT INTO a VALUES (9); INSERT INTO b VALUES (9); INSERT INTO d VALUES (9);"
                + "ALTER TABLE c DISABLE TRIGGER ALL; INSERT INTO c VALUES (9, 1)");
        assertThat(compared(Selection.everything()))
                .extracting(one -> one.sequence() + " " + one.kind())
                .containsExactly(
                        "public.four behind-data",
                        "public.one behind-data",
                        "public.three behind-data",
                        "public.two ok");
        assertThat(compared(Selection.everything()).getLast().detail())
                .isEqualTo("not compared with public.b.id, which holds no plain values of it");
    }

    @Test
    void columns_of_domains_and_of_partitions_are_looked_at() throws Exception {
        onBoth("CREATE DOMAIN number AS int; CREATE SEQUENCE s; CREATE SEQUENCE p;"
                + "CREATE TABLE t (id number DEFAULT nextval('s'));"
                + "CREATE TABLE r (id int) PARTITION BY RANGE (id);"
                + "CREATE TABLE r1 PARTITION OF r (id DEFAULT nextval('p')) FOR VALUES FROM (0) TO (100)");
        target.run("INSERT INTO t VALUES (5); INSERT INTO r VALUES (6)");
        assertThat(compared(Selection.everything()))
                .extracting(one -> one.sequence() + " " + one.kind() + " " + one.targetMax())
                .containsExactly("public.p behind-data 6", "public.s behind-data 5");
    }

    @Test
    void a_side_whose_sequences_cannot_be_read_leaves_none_untold() throws Exception {
        target.run("CREATE SEQUENCE s");
        try (Snapshot left = Snapshot.open(Side.SOURCE, source, null, Timeouts.defaults(), 1, System::nanoTime);
                Snapshot right = Snapshot.open(Side.TARGET, target, null, Timeouts.defaults(), 1, System::nanoTime)) {
            Catalog ofSource = left.read(session -> CatalogReader.read(session, 15));
            Catalog ofTarget = right.read(session -> CatalogReader.read(session, 17));
            target.run("DROP SEQUENCE s");
            assertThat(new SequenceComparer(left, right, List.of(), false)
                            .compare(ofSource.sequences(), ofTarget.sequences()))
                    .extracting(SequenceComparison::kind)
                    .containsExactly("unread");
        }
    }
}

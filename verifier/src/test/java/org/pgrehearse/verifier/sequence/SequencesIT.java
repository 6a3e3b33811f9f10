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
        assertThat(only())
                .isEqualTo(new SequenceComparison(
                        "public.t_id_seq", Verdict.DIVERGENT, "behind-data", 2000L, null, 2000L, null));
        target.run("SELECT setval('t_id_seq', 2000)");
        assertThat(only())
                .isEqualTo(
                        new SequenceComparison("public.t_id_seq", Verdict.CONSISTENT, "ok", 2000L, 2000L, 2000L, null));
        target.run("SELECT setval('t_id_seq', 2000, false)");
        assertThat(only().kind()).isEqualTo("behind-data");
        target.run("SELECT setval('t_id_seq', 2001, false)");
        assertThat(only().kind()).isEqualTo("ok");
    }

    @Test
    void a_sequence_behind_the_source_though_the_data_allow_it() throws Exception {
        onBoth("CREATE SEQUENCE invoice START 100");
        source.run("SELECT nextval('invoice') FROM generate_series(1, 5)");
        assertThat(only())
                .isEqualTo(new SequenceComparison(
                        "public.invoice", Verdict.DIVERGENT, "behind-source", 104L, null, null, null));
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
}

package org.pgrehearse.verifier.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.catalog.CatalogReader;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.chunk.PassLedger.Pass;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.snapshot.Snapshot;
import org.pgrehearse.verifier.snapshot.Timeouts;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** A pass over a table reads every row once, by ranges of pages that the server seeks to. */
@ExtendWith(Servers.class)
final class ScanIT {
    private static final int ROWS = 60_000;
    private static final int BUCKETS = 16;

    private final Database database;

    ScanIT(Servers.Running servers) {
        database = servers.database(17);
    }

    @Test
    void ranges_of_pages_add_up_to_the_whole_table() throws Exception {
        database.run("CREATE TABLE t (id int PRIMARY KEY, v text) PARTITION BY HASH (id)"
                + "; CREATE TABLE t0 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 0) WITH (fillfactor = 10)"
                + "; CREATE TABLE t1 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 1)"
                + "; CREATE TABLE t2 PARTITION OF t FOR VALUES WITH (MODULUS 3, REMAINDER 2) WITH (fillfactor = 20)"
                + "; INSERT INTO t SELECT i, repeat(md5(i::text), 4) FROM generate_series(1, " + ROWS + ") i"
                + "; DELETE FROM t WHERE id % 7 = 0; ANALYZE t");
        try (Snapshot snapshot = Snapshot.open(Side.SOURCE, database, null, Timeouts.defaults(), 3, System::nanoTime);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Table table = snapshot.read(session -> CatalogReader.read(session, 17))
                    .tables()
                    .getFirst();
            TableSize size = snapshot.read(session -> TableSize.of(session, table));
            assertThat(size.pages()).isGreaterThan(2_048);
            TablePlan plan = TablePlan.of(table, table, new Digest(DigestKind.EXACT, 17, true, true));
            List<Long> parts = Collections.synchronizedList(new ArrayList<>());
            BucketSums inRanges = new Scan(
                            snapshot, plan, table, size, BUCKETS, reader(snapshot, parts), Scan.Memory.NONE)
                    .run(new Parallel(executor));
            TableSize small = new TableSize(1, size.bytes(), size.rows(), true);
            BucketSums atOnce = new Scan(
                            snapshot,
                            plan,
                            table,
                            small,
                            BUCKETS,
                            reader(snapshot, new ArrayList<>()),
                            Scan.Memory.NONE)
                    .run(new Parallel(executor));
            assertThat(parts).hasSizeGreaterThan(3);
            assertThat(inRanges.rows()).isEqualTo(ROWS - ROWS / 7).isEqualTo(atOnce.rows());
            assertThat(inRanges.differing(atOnce)).isEmpty();
            continues(snapshot, plan, table, size, atOnce, executor);
            String range = plan.scan(table, new Slice.Pages(10, 500, false), BUCKETS);
            List<String> explained =
                    snapshot.read(session -> session.list("EXPLAIN " + range, row -> row.getString(1)));
            assertThat(String.join("\n", explained))
                    .contains("Tid Range Scan")
                    .doesNotContain("Parallel")
                    .doesNotContain("Sort");
        }
    }

    /** Each part of a pass that was kept, continued, is the whole of it. */
    private static void continues(
            Snapshot snapshot, TablePlan plan, Table table, TableSize size, BucketSums whole, ExecutorService executor)
            throws Exception {
        List<PassLedger.Pass> kept = Collections.synchronizedList(new ArrayList<>());
        List<Long> first = Collections.synchronizedList(new ArrayList<>());
        new Scan(snapshot, plan, table, size, BUCKETS, reader(snapshot, first), new Scan.Memory(Pass.NONE, kept::add))
                .run(new Parallel(executor));
        assertThat(kept).hasSizeGreaterThan(2);
        for (PassLedger.Pass before : kept) {
            List<Long> rest = Collections.synchronizedList(new ArrayList<>());
            Scan.Memory memory = new Scan.Memory(before, pass -> {});
            BucketSums continued = new Scan(snapshot, plan, table, size, BUCKETS, reader(snapshot, rest), memory)
                    .run(new Parallel(executor));
            assertThat(continued.differing(whole)).isEmpty();
            assertThat(rest.stream().mapToLong(Long::longValue).sum()
                            + before.sums().stream()
                                    .mapToLong(BucketSums.Sum::count)
                                    .sum())
                    .isEqualTo(whole.rows());
        }
    }

    private static Scan.Reader reader(Snapshot snapshot, List<Long> parts) {
        Pace pace = Pace.defaults();
        Brake brake = new Brake(snapshot, pace, System::nanoTime, reason -> {});
        return new Scan.Reader(brake, pace.chunkTime(), System::nanoTime, (rows, share) -> parts.add(rows));
    }
}

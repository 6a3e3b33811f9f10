package org.pgrehearse.scenarios.monitor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.environment.Server;

/**
 * Samples logical replication on both servers into the journal: how far the target is behind, how much WAL its slot
 * holds back, and what it has applied. Runs on a thread of its own until closed; a server that does not answer is asked
 * again at the next turn, on a new connection.
 */
public final class ReplicationMonitor implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private static final String SLOT = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), confirmed_flush_lsn),"
            + " pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn),"
            + " pg_wal_lsn_diff(confirmed_flush_lsn, '0/0') FROM pg_replication_slots"
            + " WHERE slot_type = 'logical' AND slot_name NOT LIKE 'pg\\_%\\_sync\\_%' AND NOT temporary"
            + " AND confirmed_flush_lsn IS NOT NULL ORDER BY slot_name LIMIT 1";
    private static final String WAL = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')";
    private static final String ORIGIN = "SELECT max(s.remote_lsn)::text FROM pg_replication_origin_status s"
            + " JOIN pg_subscription b ON s.external_id = 'pg_' || b.oid WHERE s.remote_lsn > '0/0'";

    private final Server source;
    private final @Nullable Server target;
    private final Recorder recorder;
    private final List<Thread> threads;
    private volatile boolean stopped;
    private volatile double lagBytes = Double.NaN;
    private final Progress progress;

    private ReplicationMonitor(Server source, @Nullable Server target, Recorder recorder) {
        this.source = source;
        this.target = target;
        this.recorder = recorder;
        this.progress = new Progress((target == null ? source : target).majorVersion());
        this.threads = List.of(
                Thread.ofVirtual().name("replication-monitor of the source").unstarted(this::watchSource),
                Thread.ofVirtual().name("replication-monitor of the target").unstarted(this::watchTarget));
    }

    /** Starts sampling a source that has no target: its WAL alone. */
    public static ReplicationMonitor alone(Server source, Recorder recorder) {
        ReplicationMonitor monitor = new ReplicationMonitor(source, null, recorder);
        monitor.threads.forEach(Thread::start);
        return monitor;
    }

    /** Starts sampling. */
    public static ReplicationMonitor start(Server source, Server target, Recorder recorder) {
        ReplicationMonitor monitor = new ReplicationMonitor(source, target, recorder);
        monitor.threads.forEach(Thread::start);
        return monitor;
    }

    /** Bytes of WAL the target is behind, as last seen; NaN while there is no slot. */
    public double lagBytes() {
        return lagBytes;
    }

    /** For how long the target has been behind, as last seen; NaN while there is no slot. */
    public double lagSeconds() {
        return progress.lagSeconds();
    }

    /** Which share of the rows of the initial copy the target has, from 0 to 1, as last seen; NaN before it begins. */
    public double copied() {
        return progress.copied();
    }

    /** Bytes of WAL that the source has written since it was first asked; NaN before. */
    public double walBytes() {
        return progress.walBytes();
    }

    /** The source's position in its WAL as a number of bytes, as last seen; NaN before. */
    public double lsn() {
        return progress.lsn();
    }

    /** A target that answers nothing must not hide how far it falls behind, so each side has a thread of its own. */
    private void watchSource() {
        try (Feed feed = new Feed(source)) {
            while (!stopped) {
                feed.ask(WAL, row -> progress.wrote(row.getDouble(1), recorder.nowNanos()));
                feed.ask(SLOT, this::recordSlot);
                if (!progress.isCopied()) {
                    feed.ask(Progress.ROWS, progress::rows);
                }
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watchTarget() {
        if (target == null) {
            return;
        }
        try (Feed feed = new Feed(target)) {
            while (!stopped) {
                if (!progress.isCopied()) {
                    feed.ask(progress.copyQuery(), progress::copying);
                }
                feed.ask(ORIGIN, this::recordOrigin);
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void recordSlot(ResultSet row) throws SQLException {
        lagBytes = row.getDouble(1);
        progress.confirmed(row.getDouble(3), recorder.nowNanos());
        recorder.record(new Event.Sample(recorder.nowNanos(), "replication-lag-bytes", row.getDouble(1)));
        recorder.record(new Event.Sample(recorder.nowNanos(), "retained-wal-bytes", row.getDouble(2)));
    }

    private void recordOrigin(ResultSet row) throws SQLException {
        String applied = row.getString(1);
        if (applied != null) {
            recorder.record(new Event.Applied(recorder.nowNanos(), applied));
        }
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join(CLOSE_MAX);
        }
    }
}

package org.pgrehearse.verifier.chunk;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/**
 * Holds readers back while a server is busy with others or while those who replicate from it lag behind. It looks once
 * a second at most, through the comparison's own connections, and pauses between chunks only. How long a pause can last
 * is bounded by the time that the snapshot may be held. Safe for use by many threads.
 */
public final class Brake {
    private static final long NANOS_BETWEEN_LOOKS = Duration.ofSeconds(1).toNanos();
    private static final long PAUSE_MILLIS = 250;

    /** What a transaction once saw of the activity it sees again, unless it asks to forget it. */
    private static final String FORGET = "SELECT pg_stat_clear_snapshot()::text";

    /**
     * A standby that answers no more has a lag that does not grow, so the age of its last answer counts while it has
     * not confirmed everything.
     */
    private static final String LAG = """
            SELECT CASE
              WHEN pg_is_in_recovery() AND pg_last_wal_receive_lsn() IS NOT DISTINCT FROM pg_last_wal_replay_lsn()
                THEN 0
              WHEN pg_is_in_recovery() THEN extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
              ELSE (SELECT max(extract(epoch FROM greatest(r.replay_lag, CASE
                        WHEN r.replay_lsn IS NULL OR r.replay_lsn < pg_current_wal_lsn()
                        THEN clock_timestamp() - coalesce((to_jsonb(r) ->> 'reply_time')::timestamptz, r.backend_start)
                      END)))
                    FROM pg_stat_replication r WHERE r.state <> 'backup') END::float8,
              EXISTS (SELECT FROM pg_stat_replication WHERE state IS NULL)
            """;

    private static final String LOAD = """
            SELECT count(*) FILTER (WHERE state = 'active' AND application_name <> 'pgrehearse'
                AND backend_type = 'client backend')::float8,
              coalesce(bool_or(backend_type IS NULL), false)
            FROM pg_stat_activity WHERE pid <> pg_backend_pid()
            """;

    private final Snapshot snapshot;
    private final Pace pace;
    private final LongSupplier nanos;
    private final Consumer<String> told;
    private final ReentrantLock lock = new ReentrantLock();
    private long lookAgainAt;
    private boolean looked;

    private record Reading(double value, boolean hidden) {}

    /** A brake that tells why it holds, each time it begins to. */
    public Brake(Snapshot snapshot, Pace pace, LongSupplier nanos, Consumer<String> told) {
        this.snapshot = snapshot;
        this.pace = pace;
        this.nanos = nanos;
        this.told = told;
    }

    /** Returns when the server can take one more chunk. */
    public void await() throws ReadFailedException, InterruptedException {
        if (!pace.limited()) {
            return;
        }
        lock.lockInterruptibly();
        try {
            if (looked && nanos.getAsLong() - lookAgainAt < 0) {
                return;
            }
            Optional<String> reason = reason();
            reason.ifPresent(told);
            while (reason.isPresent()) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                reason = reason();
            }
            looked = true;
            lookAgainAt = nanos.getAsLong() + NANOS_BETWEEN_LOOKS;
        } finally {
            lock.unlock();
        }
    }

    private Optional<String> reason() throws ReadFailedException, InterruptedException {
        if (pace.lagMax().isPresent()) {
            double seconds = reading(LAG, "the lag of its standbys");
            double limit = pace.lagMax().get().toMillis() / 1e3;
            if (seconds > limit) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "paused: replication lags %.1f s on %s, more than %.1f s",
                        seconds,
                        snapshot.side(),
                        limit));
            }
        }
        if (pace.loadMax().isPresent()) {
            double statements = reading(LOAD, "the statements of other clients");
            if (statements > pace.loadMax().getAsInt()) {
                return Optional.of(String.format(
                        Locale.ROOT,
                        "paused: %s runs %.0f statements of other clients, more than %d",
                        snapshot.side(),
                        statements,
                        pace.loadMax().getAsInt()));
            }
        }
        return Optional.empty();
    }

    private double reading(String sql, String what) throws ReadFailedException, InterruptedException {
        Reading reading = snapshot.read(session -> {
            session.list(FORGET, row -> row.getString(1));
            return session.first(sql, row -> new Reading(row.getDouble(1), row.getBoolean(2)))
                    .orElseThrow();
        });
        if (reading.hidden()) {
            throw ReadFailedException.hidden(
                    snapshot.side(),
                    what + " is hidden from role \"" + snapshot.server().role() + "\"; it needs pg_monitor");
        }
        return reading.value();
    }
}

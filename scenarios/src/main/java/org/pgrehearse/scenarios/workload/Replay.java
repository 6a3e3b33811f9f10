package org.pgrehearse.scenarios.workload;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.capture.Recorded;
import org.pgrehearse.scenarios.ids.IdCatalog;
import org.pgrehearse.scenarios.ids.IdMapping;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gate;
import org.pgrehearse.scenarios.topology.Lease;

/**
 * A recorded workload, session by session: each has a connection of its own, opened with its first transaction and
 * closed when the recorded one was. Its transactions begin when they did in the recording, divided by the speed, or
 * after the one before has ended; how late they began is told. A session whose connection is lost, or whose application
 * was switched, goes on with a new one. Safe for use by many threads.
 */
public final class Replay implements Users {
    private static final Duration CUT_MAX = Duration.ofSeconds(5);
    private static final Pattern GENERATES = Pattern.compile("(?i)\\b(?:returning|nextval|currval|lastval)\\b");

    private final List<ReplaySessions.Session> sessions;
    private final double speed;
    private final Duration patience;
    private final List<Application> instances;
    private final Tokens.Stream tokens;
    private final Recorder recorder;
    private final Session session;
    private final Troubles troubles;
    private final Gauge gauge;
    private final Fidelity fidelity = new Fidelity();
    private final IdMapping ids;
    private final AtomicLong operations = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private final long startNanos;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Replay(
            List<Recorded> recorded,
            double speed,
            Duration patience,
            List<Application> instances,
            Tokens tokens,
            Recorder recorder) {
        this.sessions = ReplaySessions.of(recorded);
        this.speed = speed;
        this.patience = patience;
        this.instances = List.copyOf(instances);
        this.tokens = tokens.stream();
        this.recorder = recorder;
        this.session = new Session(recorder::nowNanos, Isolation.READ_COMMITTED);
        this.troubles = new Troubles("replay", recorder);
        this.ids = ids(recorded);
        fidelity.mapsBy(ids);
        this.startNanos = recorder.nowNanos();
        this.gauge = new Gauge(startNanos);
    }

    /** Reads which columns hold the same ids, when the recording generates any. */
    private IdMapping ids(List<Recorded> recorded) {
        boolean generates = recorded.stream()
                .anyMatch(each ->
                        each.sql() != null && GENERATES.matcher(each.sql()).find());
        if (!generates) {
            return IdMapping.none();
        }
        try (Lease lease = instances.getFirst().pool().openFresh()) {
            return IdMapping.of(recorded, IdCatalog.read(lease.connection()));
        } catch (SQLException e) {
            recorder.record(new Event.Remark(
                    recorder.nowNanos(),
                    "Replay: ids are not mapped, for the catalog cannot be read: " + e.getMessage()));
            return IdMapping.none();
        }
    }

    /**
     * Begins to replay.
     *
     * @param speed 2 is twice as fast as it was recorded
     * @param patience how long a write waits at the gate before it fails unsent
     */
    public static Replay start(
            List<Recorded> recorded,
            double speed,
            Duration patience,
            List<Application> instances,
            Tokens tokens,
            Recorder recorder) {
        Replay replay = new Replay(recorded, speed, patience, instances, tokens, recorder);
        for (int i = 0; i < replay.sessions.size(); i++) {
            int number = i;
            replay.threads.add(Thread.ofVirtual()
                    .name("pgrehearse-replay-" + i)
                    .uncaughtExceptionHandler(replay.troubles)
                    .unstarted(() -> replay.run(number)));
        }
        replay.threads.forEach(Thread::start);
        return replay;
    }

    /** What was replayed, and how truly. */
    public Fidelity fidelity() {
        return fidelity;
    }

    /** Waits until every session has ended; false when the patience ended first. */
    public boolean awaitEnd(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        for (Thread thread : threads) {
            if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Gauge.Reading gauge() {
        return gauge.read(recorder.nowNanos(), underWay.get());
    }

    @Override
    public long stop(Duration drain) throws InterruptedException {
        ended.countDown();
        if (!awaitEnd(drain)) {
            threads.forEach(Thread::interrupt);
            if (!awaitEnd(CUT_MAX)) {
                troubles.report("Cannot end sessions of the replay: they go on.");
            }
        }
        recorder.record(new Event.Remark(recorder.nowNanos(), fidelity.sentence()));
        return operations.get();
    }

    private void run(int number) {
        Application instance = instances.get(number % instances.size());
        ReplaySessions.Session recorded = sessions.get(number);
        @Nullable Lease lease = null;
        int done = 0;
        try {
            for (ReplaySessions.Group group : recorded.groups()) {
                long intended = intended(group.atMicros());
                if (!sleepUntil(intended)) {
                    break;
                }
                lease = perform(group, intended, instance, lease);
                done++;
            }
            sleepUntil(intended(recorded.endMicros()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (lease != null) {
                lease.close();
            }
            long left = recorded.groups().stream()
                    .skip(done)
                    .mapToLong(group -> group.statements().size())
                    .sum();
            if (left > 0) {
                fidelity.skipped("after the run's end", left);
            }
        }
    }

    private long intended(long atMicros) {
        return startNanos + (long) (TimeUnit.MICROSECONDS.toNanos(atMicros) / speed);
    }

    /** False when the replay was stopped before. */
    private boolean sleepUntil(long nanos) throws InterruptedException {
        return !ended.await(Math.max(0, nanos - recorder.nowNanos()), TimeUnit.NANOSECONDS);
    }

    /** Replays one transaction; returns the connection for the next, null when it needs a new one. */
    private @Nullable Lease perform(
            ReplaySessions.Group group, long intended, Application instance, @Nullable Lease before)
            throws InterruptedException {
        ReplayTransaction transaction = new ReplayTransaction(group, speed, fidelity, ids);
        Attempt attempt = new Attempt(0, tokens.at(operations.getAndIncrement()), intended);
        underWay.incrementAndGet();
        Gate gate = instance.route().gate();
        boolean inside = false;
        @Nullable Lease lease = before;
        try {
            fidelity.lag(recorder.nowNanos() - intended);
            inside = transaction.held() && gate.enter(patience);
            if (transaction.held() && !inside) {
                skip(group, attempt, transaction, instance, "Not sent: writes were paused for too long.");
                return lease;
            }
            lease = connection(lease, instance);
            attempt.started(recorder.nowNanos());
            Result result = transaction.writes()
                    ? session.write(attempt, lease, transaction)
                    : session.read(lease, transaction, attempt.token());
            write(attempt, transaction, instance, result);
            return usable(lease);
        } catch (SQLException e) {
            skip(group, attempt, transaction, instance, String.valueOf(e.getMessage()));
            return null;
        } finally {
            group.statements().forEach(ids::committed);
            underWay.decrementAndGet();
            if (inside) {
                gate.leave();
            }
        }
    }

    private static Lease connection(@Nullable Lease lease, Application instance) throws SQLException {
        if (lease != null && lease.side() == instance.route().side()) {
            return lease;
        }
        if (lease != null) {
            lease.close();
        }
        return instance.pool().openFresh();
    }

    private static @Nullable Lease usable(Lease lease) throws SQLException {
        if (!lease.discarded() && !lease.connection().isClosed()) {
            return lease;
        }
        lease.close();
        return null;
    }

    private void skip(
            ReplaySessions.Group group,
            Attempt attempt,
            ReplayTransaction transaction,
            Application instance,
            String message) {
        fidelity.skipped(
                "without a connection or the leave to write", group.statements().size());
        write(attempt, transaction, instance, Result.notSent(recorder.nowNanos(), message));
    }

    private void write(Attempt attempt, ReplayTransaction transaction, Application instance, Result result) {
        gauge.count(result.outcome(), result.endedNanos() - attempt.intendedNanos());
        @Nullable Witness witness = result.witness();
        recorder.record(new Event.Operation(
                recorder.nowNanos(),
                "replay",
                instance.name(),
                transaction.name(),
                transaction.writes(),
                attempt.token(),
                attempt.intendedNanos(),
                attempt.startedNanos(result.endedNanos()),
                result.endedNanos(),
                result.outcome(),
                witness == null ? null : witness.side(),
                witness == null ? null : witness.xid(),
                witness == null ? null : witness.lsn(),
                result.sqlState(),
                result.message(),
                instance.role(),
                witness == null || witness.backend() == 0 ? null : (Integer) witness.backend()));
    }
}

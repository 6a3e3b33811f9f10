package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gate;
import org.pgrehearse.scenarios.topology.Lease;
import org.pgrehearse.scenarios.topology.Pool;
import org.pgrehearse.scenarios.topology.PoolLimits;

/** The sentinel's probes of one kind, writing or reading, and the connections they use. */
final class Probes implements AutoCloseable {
    private static final String READ = "SELECT pgrehearse.executed_on(), (SELECT token FROM pgrehearse.ledger LIMIT 1)";
    private static final int WARM_CONNECTIONS = 3;
    private static final int WARM_UPS = 30;
    private static final int THREADS_KEPT = 4;
    private static final int THREAD_IDLE_SECONDS_MAX = 10;

    private final boolean write;
    private final ProbePlan plan;
    private final Application application;
    private final Tokens.Stream tokens;
    private final Recorder recorder;
    private final Troubles troubles;
    private final Pool pool;
    private final Gauge gauge;
    private final InFlight inFlight;
    private final ExecutorService workers;
    private final Semaphore freshSlots = new Semaphore(ProbePlan.FRESH_MAX);
    private final Queue<Held> held = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean overflowReported = new AtomicBoolean();

    Probes(
            boolean write,
            ProbePlan plan,
            Application application,
            Tokens.Stream tokens,
            Recorder recorder,
            Troubles troubles) {
        this.write = write;
        this.plan = plan;
        this.application = application;
        this.tokens = tokens;
        this.recorder = recorder;
        this.troubles = troubles;
        this.pool = application.newPool(PoolLimits.of(plan.slots()).withDetachedMax(ProbePlan.DETACHED_MAX));
        this.gauge = new Gauge(recorder.nowNanos());
        int probesMax = Math.toIntExact(
                Math.ceilDiv(longestProbe().toNanos(), plan.interval().toNanos()) + plan.slots());
        this.inFlight = new InFlight(probesMax);
        this.workers = workers(probesMax);
    }

    /** Opens a few connections and makes the code hot; leaves nothing on the server. */
    void warmUp() throws SQLException, InterruptedException {
        List<Lease> leases = new ArrayList<>();
        try {
            for (int i = 0; i < WARM_CONNECTIONS; i++) {
                leases.add(pool.borrow(plan.patience()));
            }
            for (int i = 0; i < WARM_UPS; i++) {
                Connection connection = leases.get(i % leases.size()).connection();
                connection.setAutoCommit(false);
                ask(connection, tokens.at(0));
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } finally {
            leases.forEach(Lease::close);
        }
    }

    /** Starts one probe at its intended time, and frees the slots of those that are stuck. */
    void arrive(long index, long intendedNanos) {
        freeStuck();
        Attempt attempt = new Attempt(index, tokens.at(index), intendedNanos);
        if (inFlight.add(attempt)) {
            CompletableFuture<?> unusedWatch = CompletableFuture.runAsync(() -> work(attempt), workers)
                    .whenComplete((done, e) -> {
                        if (e != null) {
                            died(attempt, e);
                        }
                    });
            return;
        }
        if (overflowReported.compareAndSet(false, true)) {
            troubles.report("Cannot probe: " + inFlight.size() + " probes are under way, more than can be.");
        }
        settle(attempt, Result.notSent(recorder.nowNanos(), "Not started: too many probes were under way."));
    }

    Gauge.Reading gauge() {
        return gauge.read(recorder.nowNanos(), inFlight.size());
    }

    /** Waits until each probe is recorded; whoever takes longer than a probe can is cut and recorded. */
    void awaitRecorded() throws InterruptedException {
        if (!inFlight.awaitEmpty(longestProbe())) {
            inFlight.snapshot().forEach(this::giveUp);
            if (!inFlight.awaitEmpty(Sentinel.CUT_MAX)) {
                troubles.report("Cannot end " + inFlight.size() + " probes: they were cut, recorded and go on.");
            }
        }
    }

    @Override
    public void close() {
        pool.close();
        workers.shutdown();
    }

    /** Platform threads, so that a probe never queues behind the load for a carrier of virtual ones. */
    private ExecutorService workers(int threadsMax) {
        return new ThreadPoolExecutor(
                THREADS_KEPT,
                threadsMax + 1,
                THREAD_IDLE_SECONDS_MAX,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Thread.ofPlatform()
                        .daemon()
                        .name("pgrehearse-probe-" + (write ? "write-" : "read-"), 0)
                        .factory());
    }

    private Duration longestProbe() {
        return plan.patience()
                .plus(application.timeouts().login())
                .plus(application.timeouts().socket())
                .plus(plan.deadline());
    }

    private void freeStuck() {
        long now = recorder.nowNanos();
        for (Held first = held.peek(); first != null; first = held.peek()) {
            if (first.attempt().settled()) {
                held.poll();
            } else if (now - first.sinceNanos() > plan.deadline().toNanos()) {
                first.lease().detach();
                held.poll();
            } else {
                return;
            }
        }
    }

    private void work(Attempt attempt) {
        attempt.runBy(Thread.currentThread());
        attempt.started(recorder.nowNanos());
        if (wantsFresh(attempt.index()) && freshSlots.tryAcquire()) {
            attempt.useFresh();
            try {
                settle(attempt, perform(attempt));
            } finally {
                freshSlots.release();
            }
        } else {
            settle(attempt, perform(attempt));
        }
        inFlight.remove(attempt);
    }

    private void died(Attempt attempt, Throwable e) {
        try {
            troubles.uncaughtException(Thread.currentThread(), e.getCause() == null ? e : e.getCause());
            giveUp(attempt);
        } finally {
            inFlight.remove(attempt);
        }
    }

    private boolean wantsFresh(long index) {
        // The two kinds take turns, so that the server never opens two connections for one tick.
        int offset = write ? 0 : plan.freshEvery() / 2;
        return plan.freshEvery() > 0 && (index + offset) % plan.freshEvery() == plan.freshEvery() - 1;
    }

    private Result perform(Attempt attempt) {
        try {
            if (!write) {
                return onConnection(attempt);
            }
            Gate gate = application.route().gate();
            if (!gate.enter(left(attempt))) {
                return Result.notSent(
                        recorder.nowNanos(),
                        "Not sent: writes were paused for longer than "
                                + plan.patience().toMillis() + " ms.");
            }
            try {
                return onConnection(attempt);
            } finally {
                gate.leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Result.notSent(recorder.nowNanos(), "Not sent: the sentinel ended.");
        }
    }

    private Result onConnection(Attempt attempt) throws InterruptedException {
        try (Lease lease = attempt.fresh() ? pool.openFresh() : pool.borrow(left(attempt))) {
            attempt.holds(lease);
            held.add(new Held(attempt, lease, recorder.nowNanos()));
            return lease.clean(() -> probe(attempt, lease));
        } catch (SQLException e) {
            return Result.concluded(recorder.nowNanos(), Conclusion.beforeCommit(e), null);
        }
    }

    private Result probe(Attempt attempt, Lease lease) throws SQLException {
        if (write && (lease.connection().isClosed() || !attempt.handOver())) {
            lease.discard();
            return Result.notSent(recorder.nowNanos(), "Not sent: the connection was closed before.");
        }
        try {
            Witness witness = ask(lease.connection(), attempt.token());
            return Result.acknowledged(recorder.nowNanos(), witness);
        } catch (SQLException e) {
            long endedNanos = recorder.nowNanos();
            Conclusion conclusion = write ? Conclusion.afterHandover(e) : Conclusion.beforeCommit(e);
            if (!conclusion.usable()) {
                lease.discard();
            }
            return Result.concluded(endedNanos, conclusion, null);
        }
    }

    private Witness ask(Connection connection, long token) throws SQLException {
        if (write) {
            return Session.insertToken(connection, token);
        }
        try (PreparedStatement select = connection.prepareStatement(READ);
                ResultSet row = select.executeQuery()) {
            return Witness.ofRead(row.next() ? row.getString(1) : null);
        }
    }

    private Duration left(Attempt attempt) {
        long left = attempt.intendedNanos() + plan.patience().toNanos() - recorder.nowNanos();
        return Duration.ofNanos(Math.max(0, left));
    }

    private void giveUp(Attempt attempt) {
        @Nullable Outcome outcome = attempt.giveUp();
        if (outcome != null) {
            attempt.cut(troubles);
            long now = recorder.nowNanos();
            record(attempt, new Result(outcome, now, null, null, "Given up before it ended."));
        }
    }

    private void settle(Attempt attempt, Result result) {
        if (attempt.settle()) {
            record(attempt, result);
        }
    }

    private void record(Attempt attempt, Result result) {
        gauge.count(result.outcome(), result.endedNanos() - attempt.intendedNanos());
        @Nullable Witness witness = result.witness();
        recorder.record(new Event.Probe(
                recorder.nowNanos(),
                write,
                attempt.fresh(),
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
                application.role(),
                witness == null || witness.backend() == 0 ? null : (Integer) witness.backend()));
    }

    /** A connection in use, since when. */
    private record Held(Attempt attempt, Lease lease, long sinceNanos) {}
}

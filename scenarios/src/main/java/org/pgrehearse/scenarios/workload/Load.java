package org.pgrehearse.scenarios.workload;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gate;
import org.pgrehearse.scenarios.topology.Lease;

/**
 * Open-loop load on the user's application. Every arrival keeps its intended time and is recorded once, whether it ever
 * got a connection or not; arrivals go to the instances in turn. Safe for use by many threads.
 */
public final class Load implements Users {
    private static final Duration PACER_STOP_MAX = Duration.ofSeconds(5);
    private static final Duration CUT_MAX = Duration.ofSeconds(2);

    /**
     * A worker that begins later than this was delayed by the generator: it has not asked a server for anything yet.
     */
    private static final long HANDOVER_LATE_NANOS = Duration.ofMillis(500).toNanos();

    /** More than one late arrival in this many, and the load was not what the scenario says. */
    private static final long LATE_ONE_IN = 100;

    private final LoadPlan plan;
    private final Workload workload;
    private final List<Application> instances;
    private final Tokens.Stream tokens;
    private final Recorder recorder;
    private final long seed;
    private final Session session;
    private final Troubles troubles;
    private final InFlight inFlight;
    private final Gauge gauge;
    private final Lag lag = new Lag(HANDOVER_LATE_NANOS);
    private final LongAdder retries = new LongAdder();
    private final Workers workers;
    private final Pacer pacer;

    private Load(
            LoadPlan plan,
            Workload workload,
            List<Application> instances,
            Tokens.Stream tokens,
            Recorder recorder,
            long seed,
            Workers workers) {
        this.workers = workers;
        this.plan = plan;
        this.workload = workload;
        this.instances = List.copyOf(instances);
        this.tokens = tokens;
        this.recorder = recorder;
        this.seed = seed;
        this.session = new Session(recorder::nowNanos, plan.isolation());
        this.troubles = new Troubles("load " + workload.name(), recorder);
        this.inFlight = new InFlight(plan.inFlightMax());
        long now = recorder.nowNanos();
        this.gauge = new Gauge(now);
        this.pacer = Pacer.start(workload.name(), plan.schedule(now), recorder::nowNanos, this::arrive, troubles);
    }

    /**
     * Begins to load the instances.
     *
     * @param tokens of the run
     * @param seed decides which transaction each arrival runs, and on which keys
     */
    public static Load start(
            LoadPlan plan,
            Workload workload,
            List<Application> instances,
            Tokens tokens,
            Recorder recorder,
            long seed) {
        Workers virtual = (work, died) -> Thread.ofVirtual()
                .name("pgrehearse-" + workload.name())
                .uncaughtExceptionHandler(died)
                .start(work);
        return start(plan, workload, instances, tokens, recorder, seed, virtual);
    }

    /** The same with workers of another kind. */
    static Load start(
            LoadPlan plan,
            Workload workload,
            List<Application> instances,
            Tokens tokens,
            Recorder recorder,
            long seed,
            Workers workers) {
        if (instances.isEmpty()) {
            throw new IllegalArgumentException("Cannot load no instance: name at least one.");
        }
        return new Load(plan, workload, instances, tokens.stream(), recorder, seed, workers);
    }

    /** How late the generator began its operations, all of them since the start. */
    public Lag.Reading lag() {
        return lag.read();
    }

    /** Ends the arrivals; those under way go on. Returns how many there were. */
    long endArrivals() throws InterruptedException {
        return pacer.stop(PACER_STOP_MAX);
    }

    @Override
    public Gauge.Reading gauge() {
        return gauge.read(recorder.nowNanos(), inFlight.size());
    }

    /**
     * Ends the arrivals and waits for those under way. Whoever has not ended after the drain is cut and recorded as
     * what is known of it: failed when its commit was not sent, and then it never is; unknown when it was.
     *
     * @return how many arrivals there were, each of them recorded
     */
    @Override
    public long stop(Duration drain) throws InterruptedException {
        long arrivals = endArrivals();
        if (!inFlight.awaitEmpty(drain)) {
            inFlight.snapshot().forEach(this::giveUp);
            if (!inFlight.awaitEmpty(CUT_MAX)) {
                troubles.report("Cannot end " + inFlight.size() + " operations: they were cut, recorded and go on.");
            }
        }
        tellLimits(arrivals);
        return arrivals;
    }

    private void tellLimits(long arrivals) {
        Lag.Reading read = lag.read();
        if (read.late() * LATE_ONE_IN > arrivals) {
            troubles.report("The generator, not a server, was the limit: it began " + read.late() + " of " + arrivals
                    + " arrivals more than "
                    + Duration.ofNanos(HANDOVER_LATE_NANOS).toMillis()
                    + " ms late. Lower the rate, or give it more processors.");
        }
        if (retries.sum() > 0) {
            recorder.record(new Event.Remark(
                    recorder.nowNanos(),
                    "The load " + workload.name() + " tried writes again " + retries.sum() + " times (retry: "
                            + plan.retry().label() + ")."));
        }
    }

    private void arrive(long index, long intendedNanos) {
        Attempt attempt = new Attempt(index, tokens.at(index), intendedNanos);
        if (inFlight.add(attempt)) {
            workers.start(() -> work(attempt), (thread, e) -> died(attempt, thread, e));
        } else {
            lag.begun(recorder.nowNanos() - intendedNanos);
            Result result = Result.notSent(
                    recorder.nowNanos(), "Not started: " + plan.inFlightMax() + " operations were in flight.");
            settle(attempt, choose(index), result);
        }
    }

    private void work(Attempt attempt) {
        lag.begun(recorder.nowNanos() - attempt.intendedNanos());
        attempt.runBy(Thread.currentThread());
        Transaction transaction = choose(attempt.index());
        settle(attempt, transaction, perform(attempt, transaction));
        inFlight.remove(attempt);
    }

    private void died(Attempt attempt, Thread thread, Throwable e) {
        try {
            troubles.uncaughtException(thread, e);
            giveUp(attempt);
        } finally {
            inFlight.remove(attempt);
        }
    }

    /** The same transaction for the same seed and index, in every run. */
    private Transaction choose(long index) {
        return workload.choose(new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index));
    }

    private Application instance(long index) {
        return instances.get((int) (index % instances.size()));
    }

    private Result perform(Attempt attempt, Transaction transaction) {
        Application instance = instance(attempt.index());
        try {
            if (!transaction.held()) {
                return onConnection(attempt, transaction, instance);
            }
            Gate gate = instance.route().gate();
            if (!gate.enter(left(attempt))) {
                return Result.notSent(
                        recorder.nowNanos(),
                        "Not sent: writes were paused for longer than "
                                + plan.patience().toMillis() + " ms.");
            }
            try {
                return untilEnough(attempt, transaction, instance);
            } finally {
                gate.leave();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Result.notSent(recorder.nowNanos(), "Not sent: the load ended.");
        }
    }

    /** Tries as often as the plan's policy says; once it was unknown, no later failure makes it certain. */
    private Result untilEnough(Attempt attempt, Transaction transaction, Application instance)
            throws InterruptedException {
        Result result = onConnection(attempt, transaction, instance);
        boolean doubt = false;
        for (int tries = 1; tries < Retry.TRIES_MAX && mayTryAgain(attempt, transaction, result); tries++) {
            doubt |= result.outcome() == Outcome.UNKNOWN;
            retries.increment();
            result = onConnection(attempt, transaction, instance);
        }
        return doubt && result.outcome() == Outcome.FAILED ? result.inDoubt() : result;
    }

    private boolean mayTryAgain(Attempt attempt, Transaction transaction, Result result) {
        return transaction.writes()
                && plan.retry().again(result)
                && left(attempt).isPositive()
                && attempt.again();
    }

    private Result onConnection(Attempt attempt, Transaction transaction, Application instance)
            throws InterruptedException {
        try (Lease lease = instance.pool().borrow(left(attempt))) {
            attempt.holds(lease);
            attempt.started(recorder.nowNanos());
            return lease.clean(() -> transaction.writes()
                    ? session.write(attempt, lease, transaction)
                    : session.read(lease, transaction, attempt.token()));
        } catch (SQLException e) {
            return Result.concluded(recorder.nowNanos(), Conclusion.beforeCommit(e), null);
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
            Result result = new Result(outcome, now, null, null, "Given up before it ended.");
            write(attempt, choose(attempt.index()), result);
        }
    }

    private void settle(Attempt attempt, Transaction transaction, Result result) {
        if (attempt.settle()) {
            write(attempt, transaction, result);
        }
    }

    private void write(Attempt attempt, Transaction transaction, Result result) {
        gauge.count(result.outcome(), result.endedNanos() - attempt.intendedNanos());
        @Nullable Witness witness = result.witness();
        recorder.record(new Event.Operation(
                recorder.nowNanos(),
                workload.name(),
                instance(attempt.index()).name(),
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
                instance(attempt.index()).role(),
                witness == null || witness.backend() == 0 ? null : (Integer) witness.backend()));
        RowKeys keys = attempt.keys();
        if (!keys.isEmpty()) {
            recorder.record(new Event.KeysWritten(
                    recorder.nowNanos(),
                    attempt.token(),
                    keys.table(),
                    keys.columns(),
                    keys.deleted(),
                    keys.inserted()));
        }
    }

    /** Begins the work of an operation, without waiting for it. */
    interface Workers {
        void start(Runnable work, Thread.UncaughtExceptionHandler died);
    }
}

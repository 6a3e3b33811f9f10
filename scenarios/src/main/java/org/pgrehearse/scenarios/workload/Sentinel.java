package org.pgrehearse.scenarios.workload;

import java.sql.SQLException;
import java.time.Duration;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.topology.Application;

/**
 * The open-loop probe that downtime is measured with: one small write and one small read at each tick, on the way that
 * users take. Every intended probe is recorded once; a late one goes on until its truth is known. Safe for use by many
 * threads.
 */
public final class Sentinel {
    static final Duration CUT_MAX = Duration.ofSeconds(2);
    private static final Duration PACER_STOP_MAX = Duration.ofSeconds(5);

    private final ProbePlan plan;
    private final Recorder recorder;
    private final Probes writes;
    private final Probes reads;
    private final long startedNanos;
    private final Pacer pacer;

    private Sentinel(ProbePlan plan, Recorder recorder, Troubles troubles, Probes writes, Probes reads) {
        this.plan = plan;
        this.recorder = recorder;
        this.writes = writes;
        this.reads = reads;
        this.startedNanos = recorder.nowNanos() + plan.interval().toNanos();
        recordPlan(-1);
        Arrivals arrivals = Arrivals.every(plan.interval(), startedNanos);
        this.pacer = Pacer.start("sentinel", arrivals, recorder::nowNanos, this::tick, troubles);
    }

    /**
     * Connects, and begins to probe.
     *
     * @param application the instance whose route, gate and login the probes use
     * @param tokens of the run
     * @throws SQLException when the side in use cannot be probed even before the beginning
     */
    public static Sentinel start(ProbePlan plan, Application application, Tokens tokens, Recorder recorder)
            throws SQLException, InterruptedException {
        Troubles troubles = new Troubles("sentinel", recorder);
        Probes writes = new Probes(true, plan, application, tokens.stream(), recorder, troubles);
        Probes reads = new Probes(false, plan, application, tokens.stream(), recorder, troubles);
        try {
            writes.warmUp();
            reads.warmUp();
        } catch (SQLException | InterruptedException e) {
            writes.close();
            reads.close();
            throw e;
        }
        return new Sentinel(plan, recorder, troubles, writes, reads);
    }

    /** The write probes, for a reader who watches; for one thread at a time. */
    public Gauge.Reading writes() {
        return writes.gauge();
    }

    /** The read probes, for a reader who watches; for one thread at a time. */
    public Gauge.Reading reads() {
        return reads.gauge();
    }

    /**
     * Ends the schedule, waits until each probe is recorded, and closes the sentinel's connections.
     *
     * @return how many probes of each kind there were
     */
    public long stop() throws InterruptedException {
        long ticks = pacer.stop(PACER_STOP_MAX);
        try (writes;
                reads) {
            writes.awaitRecorded();
            reads.awaitRecorded();
        }
        recordPlan(pacer.nextIntendedNanos());
        return ticks;
    }

    private void tick(long index, long intendedNanos) {
        writes.arrive(index, intendedNanos);
        reads.arrive(index, intendedNanos);
    }

    private void recordPlan(long stoppedNanos) {
        recorder.record(new Event.SentinelPlan(
                recorder.nowNanos(),
                startedNanos,
                plan.interval().toNanos(),
                plan.deadline().toNanos(),
                stoppedNanos));
    }
}

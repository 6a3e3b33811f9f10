package org.pgrehearse.scenarios.workload;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.topology.Application;

/**
 * The promises of a load under way: a few users of each kind, over the routes of the application's instances. What they
 * record is judged for isolation and invariants. To be stopped by the thread that started it.
 */
public final class Promises {
    private static final int PROCESSES_MIN = 4;
    private static final int FINAL_KEYS_MAX = 256;
    private static final Duration PACER_STOP_MAX = Duration.ofSeconds(5);
    private static final Duration CUT_MAX = Duration.ofSeconds(10);

    private final PromiseSpec spec;
    private final List<Application> instances;
    private final Recorder recorder;
    private final long seed;
    private final Troubles troubles;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Promise, List<PromiseProcess>> processes = new EnumMap<>(Promise.class);
    private final Map<Promise, Pacer> pacers = new EnumMap<>(Promise.class);

    private Promises(PromiseSpec spec, List<Application> instances, Recorder recorder, long seed) {
        this.spec = spec;
        this.instances = List.copyOf(instances);
        this.recorder = recorder;
        this.seed = seed;
        this.troubles = new Troubles("promises", recorder);
    }

    /**
     * Begins to keep them; the tables must be there, and the accounts open.
     *
     * @param spec rates and level; a kind without a rate is left out
     * @param seed decides which transaction each arrival runs, and on which keys
     */
    public static Promises start(PromiseSpec spec, List<Application> instances, Recorder recorder, long seed) {
        if (instances.isEmpty()) {
            throw new IllegalArgumentException("Cannot keep promises over no instance: name at least one.");
        }
        Promises promises = new Promises(spec, instances, recorder, seed);
        for (Promise kind : Promise.values()) {
            BigDecimal rate = kind.rate(spec);
            if (rate.signum() > 0) {
                promises.start(kind, rate);
            }
        }
        return promises;
    }

    private void start(Promise kind, BigDecimal rate) {
        List<PromiseProcess> users = new ArrayList<>();
        for (int i = 0; i < Math.max(PROCESSES_MIN, instances.size()); i++) {
            users.add(process(kind, instances.get(i % instances.size())));
        }
        users.forEach(PromiseProcess::start);
        processes.put(kind, users);
        Arrivals arrivals = Arrivals.perSecond(rate, recorder.nowNanos());
        pacers.put(
                kind,
                Pacer.start(
                        kind.word(),
                        arrivals,
                        recorder::nowNanos,
                        (index, intended) -> arrive(users, index, intended),
                        troubles));
    }

    private PromiseProcess process(Promise kind, Application instance) {
        return new PromiseProcess(
                kind.word(),
                instance,
                index -> kind.choose(random(kind, index), index, spec.isolation()),
                numbers::incrementAndGet,
                recorder,
                troubles);
    }

    private SplittableRandom random(Promise kind, long index) {
        return new SplittableRandom((seed + kind.word().hashCode()) * 0x9E3779B97F4A7C15L + index);
    }

    /** The user whose turn it is takes it, or the next one who has room. */
    private static void arrive(List<PromiseProcess> users, long index, long intended) {
        for (int i = 0; i < users.size(); i++) {
            if (users.get((int) ((index + i) % users.size())).offer(index, intended)) {
                return;
            }
        }
    }

    /**
     * Ends the arrivals, waits for the transactions under way, cuts those that do not end within the drain, and reads
     * what is there once more. Everything is recorded when this returns.
     */
    public void stop(Duration drain) throws InterruptedException {
        Map<Promise, Long> arrivals = new EnumMap<>(Promise.class);
        for (Map.Entry<Promise, Pacer> pacer : pacers.entrySet()) {
            arrivals.put(pacer.getKey(), pacer.getValue().stop(PACER_STOP_MAX));
        }
        List<PromiseProcess> all =
                processes.values().stream().flatMap(List::stream).toList();
        all.forEach(PromiseProcess::finish);
        boolean ended = join(all, drain);
        if (!ended) {
            all.forEach(PromiseProcess::cut);
            if (!join(all, CUT_MAX)) {
                troubles.report("Cannot end every transaction: they were cut, and some go on.");
                return;
            }
        }
        readOnceMore(arrivals);
    }

    private boolean join(List<PromiseProcess> all, Duration patience) throws InterruptedException {
        long until = recorder.nowNanos() + patience.toNanos();
        for (PromiseProcess process : all) {
            if (!process.join(Duration.ofNanos(Math.max(1, until - recorder.nowNanos())))) {
                return false;
            }
        }
        return true;
    }

    /** By one new user of each kind: it can be told to nobody later that something was lost after the last reading. */
    private void readOnceMore(Map<Promise, Long> arrivals) throws InterruptedException {
        Isolation level = spec.isolation();
        for (Map.Entry<Promise, Long> kind : arrivals.entrySet()) {
            PromiseProcess reader = process(kind.getKey(), instances.getFirst());
            for (Deed deed : kind.getKey().finalReadings(kind.getValue(), FINAL_KEYS_MAX, level)) {
                if (!reader.perform(deed, recorder.nowNanos())) {
                    recorder.record(new Event.Remark(
                            recorder.nowNanos(),
                            "The promises of kind " + kind.getKey().word() + " were not all read once more: "
                                    + instances.getFirst().name() + " got no connection."));
                    break;
                }
            }
        }
    }
}

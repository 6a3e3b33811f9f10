package org.pgrehearse.scenarios;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.migration.Rig;
import org.pgrehearse.scenarios.topology.Application;

/**
 * The application instances as a runbook steers them. An instance may hear of a pause or a switch late; one that has
 * not heard of a pause when writes resume never does. Safe for use by many threads.
 */
final class Instances implements Rig.Traffic, AutoCloseable {
    private final List<Instance> instances;
    private final List<Application> loaded;
    private final Application sentinel;
    private final ScheduledExecutorService news = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("late-news").daemon().factory());
    private final List<ScheduledFuture<?>> pausesUnderWay = new ArrayList<>();

    /** One instance, and how late it hears of things. */
    record Instance(Application application, Duration pauseDelay, Duration switchDelay) {}

    /**
     * Takes all instances.
     *
     * @param sentinel the one whose way the sentinel's probes take
     */
    Instances(List<Instance> loaded, Application sentinel) {
        this.loaded = loaded.stream().map(Instance::application).toList();
        this.sentinel = sentinel;
        List<Instance> all = new ArrayList<>(loaded);
        all.add(new Instance(sentinel, Duration.ZERO, Duration.ZERO));
        this.instances = List.copyOf(all);
    }

    /** Those that carry the load. */
    List<Application> loaded() {
        return loaded;
    }

    /** Those that carry batch jobs: the ones with the role of batch jobs, or all when there are none. */
    List<Application> batch() {
        List<Application> batch = loaded.stream()
                .filter(each -> each.role().equals(EmbeddedEnvironment.BATCH_ROLE))
                .toList();
        return batch.isEmpty() ? loaded : batch;
    }

    /** The one that the sentinel probes through; it hears of everything at once. */
    Application sentinel() {
        return sentinel;
    }

    @Override
    public synchronized void pauseWrites() {
        for (Instance instance : instances) {
            tell(instance.pauseDelay(), () -> instance.application().route().pauseWrites(), pausesUnderWay);
        }
    }

    @Override
    public synchronized void resumeWrites() {
        pausesUnderWay.forEach(pause -> pause.cancel(false));
        pausesUnderWay.clear();
        instances.forEach(instance -> instance.application().route().resumeWrites());
    }

    @Override
    public synchronized void switchTo(Side side) {
        for (Instance instance : instances) {
            tell(instance.switchDelay(), () -> instance.application().route().switchTo(side), new ArrayList<>());
        }
    }

    private void tell(Duration delay, Runnable message, List<ScheduledFuture<?>> underWay) {
        if (delay.isZero()) {
            message.run();
        } else {
            underWay.add(news.schedule(message, delay.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    @Override
    public void close() {
        news.shutdownNow();
        instances.forEach(instance -> instance.application().close());
    }
}

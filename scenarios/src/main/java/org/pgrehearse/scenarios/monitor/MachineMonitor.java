package org.pgrehearse.scenarios.monitor;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;

/**
 * Samples what may disturb the instrument itself into the journal: the pauses of this JVM's collector, and, where
 * {@code /proc/stat} can be read, how busy the machine's processors are, what waits for its disks, and what a
 * hypervisor took away. Runs on a thread of its own until closed.
 */
public final class MachineMonitor implements AutoCloseable {
    private static final Path PROCESSORS = Path.of("/proc/stat");
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    private static final int IDLE = 3;
    private static final int WAITING = 4;
    private static final int STOLEN = 7;
    private static final double PERCENT = 100;

    private final Recorder recorder;
    private final Thread thread;
    private volatile boolean stopped;
    private long[] ticks = {};
    private long collectedMillis = collectedMillis();

    private MachineMonitor(Recorder recorder) {
        this.recorder = recorder;
        this.thread = Thread.ofPlatform().name("machine-monitor").daemon().unstarted(this::run);
    }

    /** Starts sampling. */
    public static MachineMonitor start(Recorder recorder) {
        MachineMonitor monitor = new MachineMonitor(recorder);
        monitor.thread.start();
        return monitor;
    }

    private void run() {
        try {
            while (!stopped) {
                processors();
                long collected = collectedMillis();
                sample("instrument-collector-millis", (double) (collected - collectedMillis));
                collectedMillis = collected;
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void processors() {
        long[] now = ticks();
        if (now.length > STOLEN && ticks.length == now.length) {
            long all = Arrays.stream(now).sum() - Arrays.stream(ticks).sum();
            if (all > 0) {
                long idle = now[IDLE] - ticks[IDLE] + now[WAITING] - ticks[WAITING];
                sample("machine-busy-percent", PERCENT * (all - idle) / all);
                sample("machine-disk-wait-percent", PERCENT * (now[WAITING] - ticks[WAITING]) / all);
                sample("machine-stolen-percent", PERCENT * (now[STOLEN] - ticks[STOLEN]) / all);
            }
        }
        ticks = now;
    }

    /**
     * User, nice, system, idle, I/O wait, interrupts, soft interrupts and stolen, of all processors; none elsewhere.
     */
    private static long[] ticks() {
        if (!Files.isReadable(PROCESSORS)) {
            return new long[0];
        }
        try (var lines = Files.lines(PROCESSORS)) {
            return lines.findFirst().stream()
                    .flatMap(line -> Arrays.stream(line.split("\\s+")).skip(1))
                    .limit(STOLEN + 1L)
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (IOException unreadable) {
            return new long[0]; // a gap
        }
    }

    private static long collectedMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .filter(millis -> millis > 0)
                .sum();
    }

    private void sample(String name, double value) {
        recorder.record(new Event.Sample(recorder.nowNanos(), name, value));
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join(CLOSE_MAX);
    }
}

package org.pgrehearse.scenarios.environment;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.pgrehearse.reports.journal.Side;

/**
 * Two servers to start, or one.
 *
 * @param targetMajor 0 for no target at all
 * @param settings PostgreSQL's own, for each side, stronger than a rehearsal's defaults
 * @param fsync whether commits survive a crash of the machine; a crash of the server they survive anyway
 * @param startDeadline how long one start may take
 * @param diskBytesMin refuse to start with less free space for the clusters
 * @param disks size of a file system in memory, in bytes, for the data of a side; none for a side whose data is on disk
 * @param stopsAtExit whether a shutdown hook of the JVM closes it; false when the caller has one of its own
 */
public record EmbeddedPlan(
        int sourceMajor,
        int targetMajor,
        Map<Side, Map<String, String>> settings,
        boolean fsync,
        Duration startDeadline,
        long diskBytesMin,
        Map<Side, Long> disks,
        boolean stopsAtExit) {
    /** The database that is migrated. */
    public static final String DATABASE = "app";

    /** How many connections a server takes, unless the settings say more. */
    public static final int CONNECTIONS = 300;

    private static final Duration START_DEADLINE = Duration.ofMinutes(1);
    private static final long DISK_BYTES_MIN = 1L << 30;
    private static final int WAL_PART = 4;

    /** Copies the settings. */
    public EmbeddedPlan {
        Map<Side, Map<String, String>> copy = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            copy.put(side, Map.copyOf(settings.getOrDefault(side, Map.of())));
        }
        settings = Map.copyOf(copy);
        disks = Map.copyOf(disks);
    }

    /** A durable pair with the default settings. */
    public static EmbeddedPlan of(int sourceMajor, int targetMajor) {
        return new EmbeddedPlan(
                sourceMajor, targetMajor, Map.of(), true, START_DEADLINE, DISK_BYTES_MIN, Map.of(), true);
    }

    /** A durable source and no target, with the default settings. */
    public static EmbeddedPlan alone(int sourceMajor) {
        return of(sourceMajor, 0);
    }

    /** Whether there is a target. */
    public boolean hasTarget() {
        return targetMajor > 0;
    }

    /** The same with further settings of one side. */
    public EmbeddedPlan withSettings(Side side, Map<String, String> further) {
        Map<Side, Map<String, String>> all = new EnumMap<>(settings);
        Map<String, String> merged = new HashMap<>(settings(side));
        merged.putAll(further);
        all.put(side, merged);
        return new EmbeddedPlan(sourceMajor, targetMajor, all, fsync, startDeadline, diskBytesMin, disks, stopsAtExit);
    }

    /** The same with further settings of both sides. */
    public EmbeddedPlan withSettings(Map<String, String> further) {
        return withSettings(Side.SOURCE, further).withSettings(Side.TARGET, further);
    }

    /** The same with another choice of durability. */
    public EmbeddedPlan withFsync(boolean durable) {
        return new EmbeddedPlan(
                sourceMajor, targetMajor, settings, durable, startDeadline, diskBytesMin, disks, stopsAtExit);
    }

    /** The same, closed by its caller alone. */
    public EmbeddedPlan withoutExitHook() {
        return new EmbeddedPlan(sourceMajor, targetMajor, settings, fsync, startDeadline, diskBytesMin, disks, false);
    }

    /** The same with another demand for free space. */
    public EmbeddedPlan withDiskBytesMin(long bytes) {
        return new EmbeddedPlan(sourceMajor, targetMajor, settings, fsync, startDeadline, bytes, disks, stopsAtExit);
    }

    /**
     * The same with the data of one side on a file system in memory of this size, so that it can be filled. Its WAL is
     * kept small enough for it. Only root on Linux can have one.
     */
    public EmbeddedPlan withDisk(Side side, long bytes) {
        Map<Side, Long> all = new HashMap<>(disks);
        all.put(side, bytes);
        EmbeddedPlan small = withSettings(side, Map.of("max_wal_size", bytes / WAL_PART / (1 << 20) + "MB"));
        return new EmbeddedPlan(
                sourceMajor, targetMajor, small.settings, fsync, startDeadline, diskBytesMin, all, stopsAtExit);
    }

    /** The major version of a side. */
    public int major(Side side) {
        return switch (side) {
            case SOURCE -> sourceMajor;
            case TARGET -> targetMajor;
        };
    }

    /** The settings of a side. */
    public Map<String, String> settings(Side side) {
        return settings.getOrDefault(side, Map.of());
    }
}

package org.pgrehearse.scenarios.environment;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.pgrehearse.reports.journal.Side;

/**
 * What one embedded server shall be.
 *
 * @param database the database that is migrated
 * @param data the data folder, absolute, not there yet
 * @param log the file that the server's log is appended to
 * @param settings stronger than the defaults of a rehearsal
 * @param fsync whether commits survive a crash of the machine; off is faster
 * @param startDeadline how long one start may take, crash recovery included
 */
public record ClusterPlan(
        Side side,
        Installation installation,
        ServerAccount account,
        String database,
        Path data,
        Path log,
        Map<String, String> settings,
        boolean fsync,
        Duration startDeadline) {
    /** Copies the settings. */
    public ClusterPlan {
        settings = Map.copyOf(settings);
    }

    /** What the server calls itself in its log and its cluster_name: source or target. */
    String name() {
        return side.name().toLowerCase(Locale.ROOT);
    }
}

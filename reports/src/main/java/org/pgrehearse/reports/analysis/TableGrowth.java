package org.pgrehearse.reports.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Side;

/**
 * How one table of one side grew during the run, with its indexes and its TOAST, in bytes.
 *
 * @param table with its schema
 * @param before when the runbook began; 0 when it was not there, or too small to be watched
 * @param largest of all readings since then
 * @param end the last reading
 * @param indexes share of {@code end}
 * @param toast share of {@code end}
 * @param phases how much it grew in each phase, below zero when it shrank; phases without a change are left out
 * @param dead the greatest share of dead rows in its heap, in percent; null when nobody could tell
 */
public record TableGrowth(
        Side side,
        String table,
        long before,
        long largest,
        long end,
        long indexes,
        long toast,
        List<PhaseGrowth> phases,
        @Nullable Double dead) {
    public TableGrowth {
        phases = List.copyOf(phases);
    }

    /** Bytes by which it was larger than before the runbook, at its largest. */
    public long grown() {
        return Math.max(0, largest - before);
    }

    /** How much a table grew in one phase. */
    public record PhaseGrowth(String phase, long bytes) {}
}

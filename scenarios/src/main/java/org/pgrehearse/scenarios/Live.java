package org.pgrehearse.scenarios;

import java.util.List;
import java.util.Map;

/**
 * What a reader who watches a run sees at one moment.
 *
 * @param atNanos since the run was opened
 * @param step the step under way; empty between steps
 * @param endedPerSecond operations of the load that ended
 * @param latenessMillisP99 of those, from their intended start
 * @param lagBytes WAL the target is behind; NaN while there is no replication
 * @param faults those in place now
 * @param samples the latest reading of each monitor
 */
public record Live(
        long atNanos,
        String phase,
        String step,
        long acknowledged,
        long failed,
        long unknown,
        double endedPerSecond,
        double latenessMillisP99,
        double lagBytes,
        List<String> faults,
        Map<String, Double> samples) {
    public Live {
        samples = Map.copyOf(samples);
        faults = List.copyOf(faults);
    }
}

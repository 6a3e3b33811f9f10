package org.pgrehearse.bench.peers;

import java.util.List;
import java.util.Optional;

/**
 * One run of a tool: programs that were started together.
 *
 * @param seconds from the start of the first until the end of the last
 */
record Measurement(double seconds, List<Finished> programs) {
    Measurement {
        programs = List.copyOf(programs);
    }

    /** What all of them used together; empty unless it is known of each. */
    Optional<Usage> usage() {
        return programs.stream()
                .map(Finished::usage)
                .reduce((one, other) -> one.flatMap(first -> other.map(first::plus)))
                .flatMap(sum -> sum);
    }
}

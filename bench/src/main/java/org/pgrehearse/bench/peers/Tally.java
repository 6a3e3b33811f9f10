package org.pgrehearse.bench.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What the runs of one tool on one pair of tables came to. Not thread-safe. */
final class Tally {
    private final String tool;
    private final ExpectedDifferences expected;
    private final List<Double> seconds = new ArrayList<>();
    private final List<Double> processorSeconds = new ArrayList<>();
    private long peakKilobytes;
    private Optional<HeapPeak> heap = Optional.empty();
    private Optional<Answer> answer = Optional.empty();

    Tally(String tool, ExpectedDifferences expected) {
        this.tool = tool;
        this.expected = expected;
    }

    /**
     * Adds a run. Of answers that differ from run to run a wrong one is kept; of peaks the highest.
     *
     * @param onServers the processor time of both servers, in seconds; empty when it is unknown
     */
    void add(Measurement measurement, OptionalDouble onServers, Answer given, Optional<HeapPeak> heapPeak) {
        seconds.add(measurement.seconds());
        Optional<Usage> usage = measurement.usage();
        usage.ifPresent(used -> {
            peakKilobytes = Math.max(peakKilobytes, used.peakKilobytes());
            onServers.ifPresent(server -> processorSeconds.add(used.processorSeconds() + server));
        });
        if (answer.isEmpty() || answer.orElseThrow().isRight(expected)) {
            answer = Optional.of(given);
        }
        heapPeak.ifPresent(
                one -> heap = Optional.of(heap.map(other -> other.max(one)).orElse(one)));
    }

    /** Whether the tool failed to answer, so that running it again would only take time. */
    boolean gaveNoAnswer() {
        return answer.isPresent() && answer.orElseThrow() instanceof Answer.None;
    }

    /** What was established so far; empty before the first run. */
    Optional<Result> result() {
        return answer.map(given -> new Result(
                tool,
                Spread.of(seconds),
                processorSeconds.size() == seconds.size()
                        ? OptionalDouble.of(Spread.of(processorSeconds).median())
                        : OptionalDouble.empty(),
                given,
                given.isRight(expected),
                peakKilobytes > 0 ? OptionalLong.of(peakKilobytes) : OptionalLong.empty(),
                heap));
    }

    /**
     * How one tool did on one pair of tables.
     *
     * @param processorSeconds the median of what the tool and both servers used; unknown unless known of each run
     * @param right whether each run gave the true answer
     * @param peakKilobytes the most resident memory of a run, in KiB
     */
    record Result(
            String tool,
            Spread seconds,
            OptionalDouble processorSeconds,
            Answer answer,
            boolean right,
            OptionalLong peakKilobytes,
            Optional<HeapPeak> heap) {}
}

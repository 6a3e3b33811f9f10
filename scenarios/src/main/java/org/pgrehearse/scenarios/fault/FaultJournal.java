package org.pgrehearse.scenarios.fault;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgrehearse.chaos.Asked;
import org.pgrehearse.chaos.Bite;
import org.pgrehearse.chaos.schedule.Course;
import org.pgrehearse.chaos.schedule.PlannedFault;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;

/** Writes into the journal what becomes of each fault, with the intervals that its edges lie in. */
final class FaultJournal implements Course {
    private final Map<String, FaultSpec> specs;
    private final Recorder recorder;

    FaultJournal(List<FaultSpec> specs, Recorder recorder) {
        this.specs = specs.stream().collect(Collectors.toUnmodifiableMap(FaultSpec::name, spec -> spec));
        this.recorder = recorder;
    }

    @Override
    public void asked(PlannedFault fault) {
        String arguments = spec(fault).arguments().values().entrySet().stream()
                .map(argument -> argument.getKey() + " " + argument.getValue())
                .collect(Collectors.joining(", "));
        recorder.record(new Event.FaultAsked(
                recorder.nowNanos(), fault.name(), spec(fault).fault(), fault.places(), arguments));
    }

    @Override
    public void placed(PlannedFault fault, List<Asked> intervals) {
        edge(fault, true, intervals);
    }

    @Override
    public void bit(PlannedFault fault, List<Bite> bites) {
        long atNanos = bites.stream().mapToLong(Bite::atNanos).max().orElse(recorder.nowNanos());
        String evidence = bites.stream().map(Bite::evidence).distinct().collect(Collectors.joining("; "));
        recorder.record(new Event.FaultBit(atNanos, fault.name(), evidence));
    }

    @Override
    public void healed(PlannedFault fault, List<Asked> intervals, List<String> problems, List<String> damage) {
        edge(fault, false, intervals);
        String detail = Stream.concat(problems.stream(), damage.stream().map(what -> "permanent: " + what))
                .collect(Collectors.joining("; "));
        recorder.record(new Event.FaultHealed(recorder.nowNanos(), fault.name(), problems.isEmpty(), detail));
    }

    @Override
    public void gaveUp(PlannedFault fault, String reason) {
        recorder.record(new Event.FaultAsked(
                recorder.nowNanos(), fault.name(), spec(fault).fault(), fault.places(), reason));
        recorder.record(new Event.FaultHealed(recorder.nowNanos(), fault.name(), true, reason));
    }

    @Override
    public void trouble(PlannedFault fault, String message) {
        recorder.record(new Event.Trouble(recorder.nowNanos(), "fault " + fault.name(), message));
    }

    private FaultSpec spec(PlannedFault fault) {
        FaultSpec spec = specs.get(fault.name());
        if (spec == null) {
            throw new IllegalStateException("no scenario names the fault " + fault.name());
        }
        return spec;
    }

    /** From the first request to the last confirmation: the true edge lies between the two. */
    private void edge(PlannedFault fault, boolean began, List<Asked> intervals) {
        if (!intervals.isEmpty()) {
            long from = intervals.stream().mapToLong(Asked::requestNanos).min().orElseThrow();
            long to = intervals.stream().mapToLong(Asked::confirmedNanos).max().orElseThrow();
            recorder.record(new Event.FaultEdge(recorder.nowNanos(), fault.name(), began, from, to));
        }
    }
}

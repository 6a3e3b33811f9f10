package org.pgrehearse.reports.analysis;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.Forks;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.verifier.Verification;

/**
 * What a recording means: its verdict, why, and everything that was measured. Immutable, and the same for the same
 * journal.
 *
 * @param headline the verdict's reason in one sentence
 * @param reasons every reason why the verdict is not passed, those of expectations first; empty when it is
 * @param findings what a reader should know, worst first
 * @param sizes the watched tables, the one that grew most first
 * @param verification the last comparison of the databases; null when there was none
 * @param environment what a reader needs to run it again
 */
public record Judgement(
        RunVerdict verdict,
        String headline,
        List<Reason> reasons,
        List<ExpectationResult> expectations,
        List<Finding> findings,
        Run run,
        List<Phase> phases,
        List<StepRecord> steps,
        List<FaultRecord> faults,
        Downtime write,
        Downtime read,
        Outages outages,
        LockQueues locks,
        List<TableGrowth> sizes,
        Workload workload,
        History history,
        Anomalies anomalies,
        Forks forks,
        Invariants invariants,
        @Nullable Verification verification,
        Timeline timeline,
        Map<String, String> environment) {
    public Judgement {
        reasons = List.copyOf(reasons);
        expectations = List.copyOf(expectations);
        findings = List.copyOf(findings);
        phases = List.copyOf(phases);
        steps = List.copyOf(steps);
        faults = List.copyOf(faults);
        sizes = List.copyOf(sizes);
    }

    /** The reasons that are not simply an expectation that did not hold. */
    public List<Reason> reasonsBeyondExpectations() {
        return reasons.stream()
                .filter(reason -> reason.kind() != Reason.Kind.EXPECTATION)
                .toList();
    }

    /** One reason why a run did not pass. */
    public record Reason(RunVerdict verdict, Kind kind, String text) {
        /** Where a reason comes from, in the order in which they explain a run best. */
        public enum Kind {
            /** The run itself went wrong: a step, a fault, an instrument, the recording. */
            COURSE,
            /** An expectation did not hold or could not be judged. */
            EXPECTATION,
            /** Something is proven wrong that no expectation speaks of. */
            UNEXPECTED
        }
    }

    /**
     * What was run.
     *
     * @param scenario its name; {@code unknown} when the recording lacks its beginning
     * @param startedAt null when the recording lacks its beginning
     * @param ending null when the recording lacks its end
     * @param durationNanos until the last event
     */
    public record Run(
            String scenario,
            String description,
            long seed,
            String toolVersion,
            @Nullable Instant startedAt,
            long durationNanos,
            Event.@Nullable Ending ending,
            String endingDetail,
            String scenarioYaml) {}
}

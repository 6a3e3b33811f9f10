package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;

/**
 * Judges one recording: give it every event in the order of the journal, then ask once for the judgement. Needs no
 * database and no clock. Not safe for use by many threads.
 */
public final class Judge {
    private final Recording recording = new Recording();

    /** The judgement of a whole recording. */
    public static Judgement judge(Iterable<? extends Event> events) {
        Judge judge = new Judge();
        events.forEach(judge::accept);
        return judge.judgement();
    }

    /** Takes the next event in; one that makes no sense is left out and spoils the recording. */
    public void accept(Event event) {
        try {
            recording.accept(event);
        } catch (IllegalArgumentException e) {
            recording.trouble("journal: an event makes no sense: " + e.getMessage());
        }
    }

    /** Notes that the recording itself is damaged, such as a journal whose end is missing. */
    public void damaged(String fact) {
        recording.trouble("journal: " + fact);
    }

    /** What the recording means. */
    public Judgement judgement() {
        Authority authority = recording.authority();
        List<FaultRecord> faults = recording.faults.records(recording.end());
        Tracks tracks = new Tracks(recording.attempts, recording.source, recording.target);
        Replication replication = new Replication(recording.attempts, tracks, authority, recording.applied);
        StoryTeller teller = new StoryTeller(recording.attempts, tracks, replication, faults);
        HistoryAnalysis historyAnalysis = new HistoryAnalysis(
                recording.attempts, tracks, authority, recording.fences(), replication, recording.deletes, teller);
        History history = historyAnalysis.history();
        Downtime write = downtime(authority, historyAnalysis, Service.WRITE);
        Measures measures = new Measures(
                write,
                downtime(authority, historyAnalysis, Service.READ),
                new OutageAnalysis(recording.steps(), authority)
                        .measure(write, service -> downtime(authority, historyAnalysis, service)),
                recording.locks.queues(),
                recording.sizes.growths(recording.phases()),
                history,
                recording.transactions.judge(),
                recording.transactions.forks(authority.moves()),
                recording.invariants.judge(),
                new WorkloadAnalysis(recording.phases()).measure(recording.attempts),
                recording.verification(),
                ending());
        return judgement(authority, faults, measures);
    }

    private Judgement judgement(Authority authority, List<FaultRecord> faults, Measures measures) {
        Expectation.Parsed parsed = Expectation.parse(
                recording.opened() == null ? List.of() : recording.opened().expectations());
        List<ExpectationResult> results = parsed.expectations().stream()
                .map(expectation -> expectation.judge(measures, recording.brokeOff()))
                .toList();
        List<StepRecord> steps = recording.steps();
        List<Judgement.Reason> reasons = new ArrayList<>();
        results.forEach(result -> reason(result).ifPresent(reasons::add));
        reasons.addAll(new Rules(recording, measures, parsed, faults, steps).reasons());
        RunVerdict verdict = reasons.stream().map(Judgement.Reason::verdict).reduce(RunVerdict.PASSED, RunVerdict::and);
        return new Judgement(
                verdict,
                headline(verdict, reasons, results),
                reasons,
                results,
                Findings.of(measures, recording.remarks),
                run(),
                recording.phases(),
                steps,
                faults,
                measures.write(),
                measures.read(),
                measures.outages(),
                measures.locks(),
                measures.sizes(),
                measures.workload(),
                measures.history(),
                measures.anomalies(),
                measures.forks(),
                measures.invariants(),
                measures.verification(),
                timeline(authority, measures),
                recording.environment);
    }

    private Downtime downtime(Authority authority, HistoryAnalysis history, Service service) {
        return new DowntimeAnalysis(recording.attempts, authority, history.lostAttempts(), recording.plans(), service)
                .measure();
    }

    private Timeline timeline(Authority authority, Measures measures) {
        return new TimelineAnalysis(
                        recording.attempts,
                        authority,
                        recording.end(),
                        measures.write().toleranceNanos())
                .draw(recording.monitors.all());
    }

    private Event.@Nullable Ending ending() {
        Event.RunClosed closed = recording.closed();
        return closed == null ? null : closed.ending();
    }

    private Judgement.Run run() {
        Event.RunOpened opened = recording.opened();
        Event.RunClosed closed = recording.closed();
        String detail = closed == null ? "" : closed.detail();
        if (opened == null) {
            return new Judgement.Run("unknown", "", 0, "unknown", null, recording.end(), ending(), detail, "");
        }
        return new Judgement.Run(
                opened.scenario(),
                opened.description(),
                opened.seed(),
                opened.toolVersion(),
                opened.startedAt(),
                recording.end(),
                ending(),
                detail,
                opened.scenarioYaml());
    }

    private static Optional<Judgement.Reason> reason(ExpectationResult result) {
        String expected = result.name() + " " + result.limit();
        return switch (result.verdict()) {
            case PASSED -> Optional.empty();
            case FAILED ->
                Optional.of(new Judgement.Reason(
                        RunVerdict.FAILED,
                        Judgement.Reason.Kind.EXPECTATION,
                        "Expected " + expected + ", observed " + result.observed() + "."));
            case INCONCLUSIVE ->
                Optional.of(new Judgement.Reason(
                        RunVerdict.INCONCLUSIVE,
                        Judgement.Reason.Kind.EXPECTATION,
                        "Cannot judge " + expected + ": " + result.reason() + "."));
        };
    }

    private static String headline(
            RunVerdict verdict, List<Judgement.Reason> reasons, List<ExpectationResult> results) {
        if (verdict == RunVerdict.PASSED) {
            return results.size() == 1 ? "The one expectation held." : "All " + results.size() + " expectations held.";
        }
        List<Judgement.Reason> decisive = reasons.stream()
                .filter(reason -> reason.verdict() == verdict)
                .sorted(Comparator.comparing(Judgement.Reason::kind))
                .toList();
        String first = decisive.getFirst().text();
        return decisive.size() == 1
                ? first
                : first.substring(0, first.length() - 1) + " (and " + Words.count(decisive.size() - 1, "more reason")
                        + ").";
    }
}

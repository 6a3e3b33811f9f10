package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.Anomaly;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.reports.journal.Event;

/**
 * The rules of a verdict that no scenario has to write down.
 *
 * <p>Failed: a step of the runbook failed (unless {@code ending = aborted} is expected), a fault was not healed, or
 * something is proven wrong that no expectation speaks of. Inconclusive: the run did not end as it should, the
 * recording or its instruments had trouble, a fault never bit, nothing was acknowledged or expected.
 */
final class Rules {
    /** A monitor of the machine tells of what was until now at least this often. */
    private static final long SAMPLE_NANOS = 1_000_000_000L;

    private final Recording recording;
    private final Measures measures;
    private final Expectation.Parsed parsed;
    private final List<FaultRecord> faults;
    private final List<StepRecord> steps;
    private final List<Judgement.Reason> reasons = new ArrayList<>();

    Rules(
            Recording recording,
            Measures measures,
            Expectation.Parsed parsed,
            List<FaultRecord> faults,
            List<StepRecord> steps) {
        this.recording = recording;
        this.measures = measures;
        this.parsed = parsed;
        this.faults = faults;
        this.steps = steps;
    }

    /** Every reason found against the run; call once. */
    List<Judgement.Reason> reasons() {
        steps();
        faults();
        proofsWithoutExpectation();
        ending();
        recordingItself();
        work();
        instruments();
        expectations();
        return List.copyOf(reasons);
    }

    private void steps() {
        if (abortExpected()) {
            return;
        }
        recording.firings.forEach(
                fired -> failed("Guard " + fired.guard() + " stopped the runbook: " + fired.reading() + "."));
        for (StepRecord step : steps) {
            boolean told =
                    recording.firings.stream().anyMatch(fired -> step.detail().contains(fired.guard()));
            if (step.result() == Event.StepResult.FAILED && !told) {
                failed(sentence("Step " + step.step() + " failed" + after(step.detail())));
            }
        }
    }

    private void faults() {
        for (FaultRecord fault : faults) {
            boolean tried = fault.healedNanos() >= 0;
            if (!fault.healed() && (tried || (fault.bit() && recording.closed() != null))) {
                failed("Fault " + fault.name() + " was not healed" + after(fault.healing()) + ".");
            } else if (!fault.bit()) {
                doubt("Fault " + fault.name() + " was asked for and never seen to bite.");
            } else if (!fault.healed()) {
                doubt("Nothing says that fault " + fault.name() + " was healed.");
            }
        }
    }

    private void proofsWithoutExpectation() {
        History history = measures.history();
        proven(Gate.LOST_WRITES, history.lost(), "acknowledged write", "lost");
        proven(Gate.DUPLICATED_WRITES, history.duplicated(), "write", "applied more than once");
        proven(Gate.RESURRECTED_WRITES, history.resurrected(), "failed write", "found committed");
        proven(Gate.RESURRECTED_DELETES, history.deletes().resurrected(), "deleted row", "there again");
        proven(Gate.LEAKED_WRITES, history.leaked(), "write", "executed on a fenced side");
        proven(Gate.FORKED_KEYS, measures.forks().keys(), "key", "written on both sides after the switch");
        Anomalies anomalies = measures.anomalies();
        proven(
                Gate.ISOLATION_ANOMALIES,
                anomalies.forbidden(),
                "forbidden isolation anomaly",
                "forbidden isolation anomalies",
                "found");
        proven(Gate.STALE_READS, anomalies.forbidden(Anomaly.STALE_READ), "stale read", "found");
        proven(
                Gate.SESSION_ANOMALIES,
                anomalies.sessionViolations(),
                "broken guarantee of a session",
                "broken guarantees of sessions",
                "found");
        Invariants invariants = measures.invariants();
        proven(Gate.TOTALS_BROKEN, invariants.broken(Invariants.Kind.TOTAL), "wrong total", "read");
        proven(
                Gate.TWINS_BROKEN,
                invariants.broken(Invariants.Kind.TWINS),
                "pair of differing twins",
                "pairs of" + " differing twins",
                "read");
        proven(
                Gate.REISSUED_IDS,
                invariants.broken(Invariants.Kind.SEQUENCE),
                "acknowledged number",
                "handed out again");
        if (history.splitBrain() != null && silent(Gate.SPLIT_BRAIN)) {
            wrong("Both sides executed writes at the same time, and no expectation speaks of split-brain.");
        }
        compared(Gate.DATA, "The tables");
        if (measures.verification() != null
                && !measures.verification().sequences().isEmpty()) {
            compared(Gate.SEQUENCES, "The sequences");
        }
        compared(Gate.SCHEMA, "The catalogues");
    }

    private void compared(Gate gate, String what) {
        if (measures.verification() == null || !silent(gate)) {
            return;
        }
        switch (Observer.observe(gate, measures)) {
            case Observed.Word word -> {
                if (!word.word().equals("consistent")) {
                    wrong(what + " differ, and no expectation speaks of " + gate.text() + ".");
                }
            }
            case Observed.Nothing nothing -> doubt(what + " could not all be compared: " + nothing.reason() + ".");
            case Observed.Exactly exactly -> throw new IllegalStateException(gate + " is no number: " + exactly);
            case Observed.AtLeast least -> throw new IllegalStateException(gate + " is no number: " + least);
        }
    }

    private void ending() {
        Event.RunClosed closed = recording.closed();
        if (recording.opened() == null) {
            doubt("The recording lacks its beginning.");
        }
        if (closed == null) {
            doubt("The recording has no end: the run died, or was still going on.");
            return;
        }
        switch (closed.ending()) {
            case COMPLETED -> {}
            case ABORTED -> {
                boolean blamed = !recording.firings.isEmpty()
                        || steps.stream().anyMatch(step -> step.result() == Event.StepResult.FAILED);
                if (!abortExpected() && !blamed) {
                    doubt("The runbook was aborted and its way back was run" + after(closed.detail()) + ".");
                }
            }
            case INTERRUPTED -> doubt("The run was interrupted" + after(closed.detail()) + ".");
            case BROKEN -> doubt(sentence("The run could not go on" + after(closed.detail())));
        }
        for (StepRecord step : steps) {
            if (step.result() == null) {
                doubt("Step " + step.step() + " never ended.");
            }
        }
    }

    private void recordingItself() {
        recording.troubles.forEach(trouble -> doubt("Trouble in " + sentence(trouble)));
        long more = recording.troubleCount() - recording.troubles.size();
        if (more > 0) {
            doubt("And trouble " + Words.count(more, "more time") + ".");
        }
        if (!measures.history().strangers().isEmpty()) {
            doubt("The ledgers do not fit the recording: " + measures.history().strangers() + ".");
        }
    }

    private void work() {
        if (measures.workload().scheduled() > 0 && measures.workload().acknowledged() == 0) {
            doubt("The load ran, and not one operation was acknowledged.");
        }
        History history = measures.history();
        if (history.writes() > 0 && !history.doubt().isEmpty()) {
            doubt("The fate of writes is not certain: " + history.doubt() + ".");
        }
        if (!history.deletes().doubt().isEmpty() && silent(Gate.RESURRECTED_DELETES)) {
            doubt("Whether deleted rows came back is not certain: "
                    + history.deletes().doubt() + ".");
        }
        if (history.unresolved() > 0 && silent(Gate.UNRESOLVED_WRITES)) {
            doubt(Words.count(history.unresolved(), "write") + " of unknown outcome that no ledger resolves.");
        }
    }

    private void instruments() {
        boolean planned = !recording.plans().isEmpty();
        if (planned && measures.write().probes() + measures.read().probes() == 0) {
            doubt("A sentinel was planned, and not one probe was recorded.");
        }
        complete(measures.write(), "write");
        complete(measures.read(), "read");
        long acknowledged = measures.write().probes()
                - measures.write().notGood().failed()
                - measures.write().notGood().unknown();
        if (planned && measures.write().probes() > 0 && acknowledged == 0) {
            doubt("The sentinel ran, and not one of its writes was acknowledged.");
        }
    }

    private void complete(Downtime downtime, String kind) {
        Downtime.Standstill stood = downtime.standstill();
        if (stood.probes() > 0 && downtime.missing() == 0) {
            doubt("The " + kind + " downtime is not measured: " + downtime.doubt() + "; that is no downtime of the"
                    + " servers" + evidence(stood) + ".");
        }
        if (downtime.probes() > 0 && downtime.missing() > 0) {
            doubt("The " + kind + " downtime is not measured: " + downtime.doubt() + ".");
        }
    }

    /** What the machine's monitors say of the time in which the sentinel stood still. */
    private String evidence(Downtime.Standstill stood) {
        long until = stood.lastNanos() + stood.worstNanos() + SAMPLE_NANOS;
        double collector = greatest("instrument-collector-millis", stood.firstNanos(), until);
        double stolen = greatest("machine-stolen-percent", stood.firstNanos(), until);
        double busy = greatest("machine-busy-percent", stood.firstNanos(), until);
        return String.format(
                Locale.ROOT,
                "%s%s%s",
                collector > 0 ? String.format(Locale.ROOT, "; the collector ran for %.0f ms", collector) : "",
                stolen > 0 ? String.format(Locale.ROOT, "; %.0f %% of the machine was stolen", stolen) : "",
                busy > 0 ? String.format(Locale.ROOT, "; the machine was busy to %.0f %%", busy) : "");
    }

    private double greatest(String monitor, long from, long until) {
        return recording.monitors.all().stream()
                .filter(each -> each.name().equals(monitor))
                .flatMap(each -> each.readings().stream())
                .filter(reading -> reading.atNanos() >= from && reading.atNanos() <= until)
                .mapToDouble(Timeline.Reading::value)
                .max()
                .orElse(0);
    }

    private void expectations() {
        parsed.problems().forEach(problem -> doubt("An expectation cannot be judged: " + problem));
        if (parsed.expectations().isEmpty()) {
            doubt("The scenario expects nothing, so nothing can be proven.");
        }
    }

    private boolean abortExpected() {
        return parsed.expectations().stream()
                .anyMatch(each -> each.gate() == Gate.ENDING && each.word().equals("aborted"));
    }

    private boolean silent(Gate gate) {
        return parsed.expectations().stream().noneMatch(expectation -> expectation.gate() == gate);
    }

    private void proven(Gate gate, long count, String noun, String fact) {
        proven(gate, count, noun, noun + "s", fact);
    }

    private void proven(Gate gate, long count, String noun, String nouns, String fact) {
        if (count > 0 && silent(gate)) {
            wrong(Words.count(count, noun, nouns) + (count == 1 ? " was " : " were ") + fact
                    + ", and no expectation speaks of " + gate.text() + ".");
        }
    }

    private void wrong(String text) {
        reasons.add(new Judgement.Reason(RunVerdict.FAILED, Judgement.Reason.Kind.UNEXPECTED, text));
    }

    private void failed(String text) {
        reasons.add(new Judgement.Reason(RunVerdict.FAILED, Judgement.Reason.Kind.COURSE, text));
    }

    private void doubt(String text) {
        reasons.add(new Judgement.Reason(RunVerdict.INCONCLUSIVE, Judgement.Reason.Kind.COURSE, text));
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private static String after(String detail) {
        return detail.isEmpty() ? "" : ": " + detail;
    }
}

package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.Forks;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/** What a reader should know about a run, in sentences, whether or not an expectation asked for it. */
final class Findings {
    private final List<Finding> found = new ArrayList<>();

    private Findings() {}

    static List<Finding> of(Measures measures, List<String> remarks) {
        Findings findings = new Findings();
        findings.history(measures.history());
        findings.anomalies(measures.anomalies());
        findings.forks(measures.forks());
        findings.invariants(measures.invariants());
        if (measures.verification() != null) {
            findings.verification(measures.verification());
        }
        findings.downtime(measures.write(), "write");
        findings.downtime(measures.read(), "read");
        remarks.forEach(remark -> findings.add(Finding.Severity.REMARK, "Remark", remark));
        return findings.found.stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    private void history(History history) {
        proven(history, "lost", history.lost(), "acknowledged write", " lost");
        proven(history, "duplicated", history.duplicated(), "write", " applied more than once");
        proven(history, "resurrected", history.resurrected(), "failed write", " found committed");
        proven(history, "resurrected-delete", history.deletes().resurrected(), "deleted row", " there again");
        proven(history, "leaked", history.leaked(), "write", " executed on a fenced side");
        SplitBrain split = history.splitBrain();
        if (split != null) {
            splitBrain(split);
        }
        warned(history, "lost-unknown", history.lostUnknown(), "write", " of unknown outcome left behind");
        warned(history, "unresolved", history.unresolved(), "write", " of unknown outcome not resolved");
        warned(history, "stale-read", history.staleReads(), "read", " executed on a side without authority");
    }

    private void anomalies(Anomalies anomalies) {
        for (Anomalies.Found found : anomalies.found()) {
            if (found.forbidden()) {
                add(
                        Finding.Severity.ERROR,
                        found.anomaly().title() + " (" + found.anomaly().words() + "), "
                                + Words.count(found.count(), "case") + baseline(found.baseline()),
                        "First: " + found.cases().getFirst().text() + ".");
            }
        }
    }

    private void forks(Forks forks) {
        if (forks.keys() > 0) {
            add(
                    Finding.Severity.ERROR,
                    "Fork: both sides acknowledged writes of " + Words.count(forks.keys(), "key") + " after the switch",
                    Words.count(forks.oldSideWrites(), "write") + " on the old side and "
                            + Words.number(forks.newSideWrites()) + " on the new one. First: "
                            + forks.cases().getFirst().text() + ".");
        }
    }

    private void invariants(Invariants invariants) {
        for (Invariants.Check check : invariants.checks()) {
            if (check.broken() > 0) {
                add(
                        Finding.Severity.ERROR,
                        "The " + check.kind().word() + " " + check.name() + " broke "
                                + Words.count(check.broken(), "time") + baseline(check.baseline()),
                        "First: " + check.cases().getFirst().text() + ".");
            }
        }
    }

    /** What happened before the migration began is not the migration's fault, and is still said. */
    private static String baseline(long count) {
        return count == 0 ? "" : ", " + Words.number(count) + " of them in the warm-up, before the migration";
    }

    private void splitBrain(SplitBrain split) {
        add(
                Finding.Severity.ERROR,
                "Split brain: " + Words.count(split.writes(), "write") + " on the old side after the new one had"
                        + " acknowledged",
                "From " + Words.instant(split.overlapStartNanos()) + " to " + Words.instant(split.overlapEndNanos())
                        + " both sides executed writes. New side: "
                        + split.newSide().text() + ". Old side: "
                        + split.oldSide().text() + ".");
    }

    private void proven(History history, String kind, long count, String noun, String fact) {
        counted(history, kind, count, Words.count(count, noun) + fact, Finding.Severity.ERROR);
    }

    private void warned(History history, String kind, long count, String noun, String fact) {
        counted(history, kind, count, Words.count(count, noun) + fact, Finding.Severity.WARNING);
    }

    private void counted(History history, String kind, long count, String title, Finding.Severity severity) {
        if (count > 0) {
            String example = history.stories().stream()
                    .filter(story -> story.finding().equals(kind))
                    .map(Story::text)
                    .findFirst()
                    .orElse("");
            add(severity, title, "First: " + example + ".");
        }
    }

    private void verification(Verification verification) {
        List<TableComparison> divergent = verification.tables().stream()
                .filter(table -> table.verdict() == Verdict.DIVERGENT)
                .toList();
        if (!divergent.isEmpty()) {
            add(
                    Finding.Severity.ERROR,
                    Words.count(divergent.size(), "table differs", "tables differ"),
                    String.join(
                                    "; ",
                                    divergent.stream()
                                            .map(Findings::differences)
                                            .toList()) + ".");
        }
        verification.sequences().stream()
                .filter(sequence -> sequence.verdict() == Verdict.DIVERGENT)
                .forEach(sequence -> add(
                        Finding.Severity.ERROR,
                        "Sequence " + sequence.sequence() + " is " + sequence.kind(),
                        "Last value on the source " + Words.orAbsent(sequence.sourceLast()) + ", on the target "
                                + Words.orAbsent(sequence.targetLast()) + ", greatest value in use on the target "
                                + Words.orAbsent(sequence.targetMax()) + "."));
        verification
                .catalog()
                .forEach(finding -> add(
                        finding.verdict() == Verdict.DIVERGENT ? Finding.Severity.ERROR : Finding.Severity.WARNING,
                        finding.object() + " is " + finding.kind().name().toLowerCase(Locale.ROOT),
                        "Source: " + Words.orAbsent(finding.source()) + ". Target: " + Words.orAbsent(finding.target())
                                + "."));
    }

    private static String differences(TableComparison table) {
        return table.source() + ": " + table.missing() + " missing, " + table.unexpected() + " unexpected, "
                + table.changed() + " changed";
    }

    private void downtime(Downtime downtime, String kind) {
        if (downtime.probes() == 0) {
            return;
        }
        if (downtime.notGood().wrongSide() > 0) {
            add(
                    Finding.Severity.WARNING,
                    Words.count(downtime.notGood().wrongSide(), kind + " probe") + " answered by the wrong side",
                    "A side without authority acknowledged them: users saw success where there was none.");
        }
        Downtime.Connections warm = downtime.warm();
        Downtime.Connections fresh = downtime.fresh();
        boolean both = warm.probes() > 0 && fresh.probes() > 0;
        if (both && warm.lastNotGoodNanos() > fresh.lastNotGoodNanos() + downtime.toleranceNanos()) {
            add(
                    Finding.Severity.WARNING,
                    "Old connections stayed stuck for " + kind + "s",
                    "Fresh connections were good again after "
                            + Words.instant(Math.max(0, fresh.lastNotGoodNanos()))
                            + ", warm ones only after " + Words.instant(warm.lastNotGoodNanos()) + ".");
        }
    }

    private void add(Finding.Severity severity, String title, String text) {
        found.add(new Finding(title, severity, text));
    }
}

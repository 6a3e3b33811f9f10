package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.analysis.Deletes;
import org.pgrehearse.reports.analysis.Downtime;
import org.pgrehearse.reports.analysis.History;
import org.pgrehearse.reports.analysis.LockQueue;
import org.pgrehearse.reports.analysis.Losses;
import org.pgrehearse.reports.analysis.Outages;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.reports.analysis.Workload;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.Anomaly;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.verifier.ColumnChanges;
import org.pgrehearse.verifier.ColumnCoverage;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/** The sentences that all reports share, so that no two of them say a thing differently. */
final class Sentences {
    private static final int PARAGRAPH_CHARS_MAX = 4000;
    private static final int SHORT_WINDOW_INTERVALS = 3;
    private static final int COLUMNS_MAX = 20;
    private static final double NANOS_PER_MILLI = 1e6;

    private Sentences() {}

    static String mark(RunVerdict verdict) {
        return switch (verdict) {
            case PASSED -> "✓";
            case FAILED -> "✗";
            case INCONCLUSIVE -> "?";
        };
    }

    static String mark(Verdict verdict) {
        return switch (verdict) {
            case CONSISTENT -> "✓";
            case DIVERGENT -> "✗";
            case INCONCLUSIVE -> "?";
        };
    }

    static String summary(Verification verification) {
        long rows = verification.tables().stream()
                .mapToLong(TableComparison::sourceRows)
                .sum();
        long differing = verification.tables().stream()
                .mapToLong(table -> table.missing() + table.unexpected() + table.changed())
                .sum();
        String scope = Words.count(verification.tables().size(), "table") + ", "
                + Words.count(verification.sequences().size(), "sequence") + ", "
                + Words.count(rows, "row") + " on the source, "
                + Words.duration(verification.elapsed().toNanos());
        return switch (verification.verdict()) {
            case CONSISTENT -> "nothing differs (" + scope + ")";
            case DIVERGENT ->
                Words.count(differing, "row differs", "rows differ") + objects(verification) + " (" + scope + ")";
            case INCONCLUSIVE ->
                verification.tables().isEmpty()
                        ? "neither side holds a table to compare, and nothing compared is nothing proven"
                        : "not everything could be compared, and what was compared does not differ (" + scope + ")";
        };
    }

    private static String objects(Verification verification) {
        long sequences = verification.sequences().stream()
                .filter(sequence -> sequence.verdict() == Verdict.DIVERGENT)
                .count();
        long objects = verification.catalog().stream()
                .filter(finding -> finding.verdict() == Verdict.DIVERGENT)
                .count();
        return (sequences == 0 ? "" : ", " + Words.count(sequences, "sequence") + " at fault")
                + (objects == 0 ? "" : ", " + Words.count(objects, "catalogue object") + " at fault");
    }

    static String name(TableComparison table) {
        return table.source().equals(table.target())
                ? Values.oneLine(table.source())
                : Values.oneLine(table.source()) + " → " + Values.oneLine(table.target());
    }

    static String listed(TableComparison table) {
        return Words.count(table.differences().size(), "difference") + " listed of "
                + (table.missing() + table.unexpected() + table.changed());
    }

    static String changes(RowDifference.Changed changed) {
        return changed.columns().stream()
                .map(column ->
                        Values.oneLine(column.name()) + ": " + source(column) + " → " + target(column) + nature(column))
                .collect(Collectors.joining(", "));
    }

    /** The source's value; of a long one the part where the two differ first. */
    static String source(RowDifference.ColumnChange column) {
        RowDifference.Region region = column.region();
        return region == null ? Values.text(column.source()) : part(region, region.source(), region.sourceLength());
    }

    static String target(RowDifference.ColumnChange column) {
        RowDifference.Region region = column.region();
        return region == null ? Values.text(column.target()) : part(region, region.target(), region.targetLength());
    }

    private static String part(RowDifference.Region region, String text, long length) {
        return "…" + Values.text(text) + "… (from near " + region.unit().replaceFirst("s$", "") + " "
                + Words.number(region.position()) + " of " + Words.number(length) + ")";
    }

    /** Such as {@code (only the numeric scale)}, with a blank before it; empty for an unknown class. */
    static String nature(RowDifference.ColumnChange column) {
        return column.nature().map(nature -> " (" + nature + ")").orElse("");
    }

    /** Such as {@code 12 rows changed in amount, 3 in note}; empty when nothing was counted. */
    static String columnChanges(ColumnChanges changes) {
        if (changes.columns().isEmpty()) {
            return "";
        }
        String counts = changes.columns().stream()
                .limit(COLUMNS_MAX)
                .map(column -> Values.oneLine(column.column()) + " in " + Words.number(column.rows()))
                .collect(Collectors.joining(", "));
        int more = changes.columns().size() - COLUMNS_MAX;
        return (changes.complete()
                        ? "changed columns: "
                        : "changed columns of the first " + Words.number(changes.rows()) + " changed rows: ")
                + counts
                + (more > 0 ? ", and " + more + " more columns" : "");
    }

    /** Such as {@code excluded: note (Excluded by --ignore-column.)}; empty when every column was verified. */
    static String unverified(TableComparison table) {
        return table.columns().stream()
                .filter(column -> column.status() != ColumnCoverage.Status.VERIFIED)
                .limit(COLUMNS_MAX)
                .map(column -> column.status().name().toLowerCase(Locale.ROOT) + " " + Values.oneLine(column.column())
                        + (column.reason() == null ? "" : ": " + Values.oneLine(column.reason())))
                .collect(Collectors.joining("; "));
    }

    /** What else is to be said of a sequence; empty when nothing is. */
    static String detail(SequenceComparison sequence) {
        String next = Boolean.TRUE.equals(sequence.nextExists())
                ? "the next value " + Words.orAbsent(sequence.targetNext()) + " exists already"
                : "";
        String detail = sequence.detail() == null ? "" : Values.oneLine(sequence.detail());
        return next + (next.isEmpty() || detail.isEmpty() ? "" : "; ") + detail;
    }

    static String occurrences(RowDifference.Occurrences row) {
        return row.sourceCount() + " on the source, " + row.targetCount() + " on the target";
    }

    /** One differing row on one line. */
    static String difference(RowDifference difference) {
        return switch (difference) {
            case RowDifference.Missing missing -> "missing " + Values.key(missing.key());
            case RowDifference.Unexpected unexpected -> "unexpected " + Values.key(unexpected.key());
            case RowDifference.Changed changed -> "changed " + Values.key(changed.key()) + ": " + changes(changed);
            case RowDifference.Occurrences row -> Values.key(row.row()) + ": " + occurrences(row);
        };
    }

    static String number(@Nullable Long number) {
        return number == null ? "-" : Words.number(number);
    }

    /** Such as {@code 1.40 s in 1 window, longest 1.40 s (± 10.0 ms an edge; an answer within 500.0 ms counts)}. */
    static String downtime(Downtime downtime) {
        if (downtime.probes() == 0) {
            return "not measured: " + downtime.doubt();
        }
        String total = Words.duration(downtime.totalNanos());
        String windows = downtime.windowCount() == 0
                ? ""
                : " in " + Words.count(downtime.windowCount(), "window") + ", longest " + longest(downtime);
        return total + windows + " (± " + Words.duration(downtime.intervalNanos())
                + " an edge; an answer within " + Words.duration(downtime.toleranceNanos()) + " counts)"
                + (downtime.doubt().isEmpty() ? "" : "; in doubt: " + downtime.doubt());
    }

    /** Such as {@code any read 0 s, connecting 0 s, fresh writes 1.40 s, pooled writes 1.90 s}. */
    static String outages(Outages outages) {
        return "any read " + brief(outages.anyRead(), outages.anyRead().totalNanos()) + ", connecting "
                + brief(outages.connect(), outages.connect().totalNanos()) + ", fresh writes "
                + brief(outages.database(), outages.database().totalNanos()) + ", pooled writes "
                + brief(outages.pool(), outages.pool().totalNanos()) + ", clients alone "
                + brief(outages.pool(), outages.clientNanos());
    }

    private static String brief(Downtime downtime, long nanos) {
        return downtime.probes() == 0 ? "not measured" : Words.duration(nanos);
    }

    /** Such as {@code catch-up 580 ms, switch 100 ms, reconnect 20 ms}; empty without a window. */
    static String phases(Outages outages) {
        return outages.phases().stream()
                .map(slice -> slice.name() + " " + Words.duration(slice.nanos()))
                .collect(Collectors.joining(", "));
    }

    /** A window shorter than three intervals is below what the instrument can resolve. */
    static String window(Downtime downtime, long nanos) {
        long shortest = downtime.intervalNanos() * SHORT_WINDOW_INTERVALS;
        return nanos < shortest ? "≤ " + Words.duration(shortest) : Words.duration(nanos);
    }

    private static String longest(Downtime downtime) {
        return window(downtime, downtime.longestNanos());
    }

    /** In which phases a kind of transaction failed, and how often. */
    static String failedByPhase(Workload.Kind kind) {
        return kind.failedByPhase().entrySet().stream()
                .map(entry -> entry.getKey() + " " + number(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    static String workload(Workload workload) {
        if (workload.scheduled() == 0) {
            return "no load was recorded";
        }
        String counts = Words.count(workload.scheduled(), "operation") + ": "
                + String.format(
                        Locale.ROOT,
                        "%,d acknowledged, %,d failed, %,d unknown",
                        workload.acknowledged(),
                        workload.failed(),
                        workload.unknown());
        Workload.Latency latency = workload.all();
        return latency.count() == 0
                ? counts
                : counts + "; p50 " + millis(latency.p50()) + ", p99 " + millis(latency.p99()) + ", max "
                        + millis(latency.max());
    }

    static String millis(long nanos) {
        return String.format(Locale.ROOT, "%,.1f ms", nanos / NANOS_PER_MILLI);
    }

    static String history(History history) {
        if (history.writes() == 0) {
            return "no write was recorded";
        }
        String counts = String.format(
                Locale.ROOT,
                "%s: %,d lost%s, %,d duplicated, %,d resurrected, %,d leaked, %,d unresolved, split brain %s",
                Words.count(history.writes(), "write"),
                history.lost(),
                losses(history.losses()),
                history.duplicated(),
                history.resurrected(),
                history.leaked(),
                history.unresolved(),
                history.splitBrain() == null ? "not seen" : "proven");
        String told = counts + deletes(history.deletes());
        return history.doubt().isEmpty() ? told : told + "; in doubt: " + history.doubt();
    }

    private static String deletes(Deletes deletes) {
        return deletes.keys() == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; %,d of %s there again%s",
                        deletes.resurrected(),
                        Words.count(deletes.keys(), "deleted row"),
                        deletes.doubt().isEmpty() ? "" : ", in doubt: " + deletes.doubt());
    }

    /** Lost writes by what became of them, in brackets; empty when none was lost. */
    private static String losses(Losses losses) {
        if (losses.total() == 0) {
            return "";
        }
        List<String> parts = new ArrayList<>();
        part(parts, losses.stranded(), "stranded");
        part(parts, losses.overwritten(), "overwritten");
        part(parts, losses.vanished(), "vanished");
        part(parts, losses.unplaced(), "not to be placed");
        String replicated =
                losses.neverReplicated() == 0 ? "" : "; " + number(losses.neverReplicated()) + " never replicated";
        return " (" + String.join(", ", parts) + replicated + ")";
    }

    private static void part(List<String> parts, long count, String words) {
        if (count > 0) {
            parts.add(number(count) + " " + words);
        }
    }

    /** Such as {@code 1,200 transactions: no anomaly that their levels exclude, 3 that they allow; no stale read}. */
    static String isolation(Anomalies anomalies) {
        if (anomalies.transactions() == 0) {
            return "not checked";
        }
        long stale = anomalies.forbidden(Anomaly.STALE_READ);
        String counts = Words.count(anomalies.transactions(), "transaction") + ": "
                + (anomalies.forbidden() == 0
                        ? "no anomaly"
                        : Words.count(anomalies.forbidden(), "anomaly", "anomalies"))
                + " that their levels exclude, " + Words.number(anomalies.allowed()) + " that they allow; "
                + (stale == 0
                        ? "no stale read"
                        : Words.count(stale, "stale read") + " (by up to "
                                + Words.duration(anomalies.greatestStalenessNanos()) + ")")
                + ", " + Words.count(anomalies.sessionViolations(), "broken guarantee") + " of sessions";
        return anomalies.doubt().isEmpty() ? counts : counts + "; in doubt: " + anomalies.doubt();
    }

    /** Such as {@code 60 readings of 3 invariants, none broken}. */
    static String invariants(Invariants invariants) {
        if (invariants.checks().isEmpty()) {
            return "none read";
        }
        long readings = invariants.checks().stream()
                .mapToLong(Invariants.Check::readings)
                .sum();
        long broken =
                invariants.checks().stream().mapToLong(Invariants.Check::broken).sum();
        return Words.count(readings, "reading") + " of "
                + Words.count(invariants.checks().size(), "invariant") + ", "
                + (broken == 0 ? "none" : Words.number(broken)) + " broken";
    }

    static String data(@Nullable Verification verification) {
        return verification == null
                ? "not compared"
                : verification.verdict().name().toLowerCase(Locale.ROOT) + ": " + summary(verification);
    }

    /** Text of several sentences on one line, cut where it is too long to read. */
    static String paragraph(String text) {
        return Values.oneLine(text, PARAGRAPH_CHARS_MAX);
    }

    /** Who held what a queue waited for. */
    static String holder(LockQueue queue) {
        String who = queue.blocker().isEmpty() ? "a session that was gone, or a prepared transaction" : queue.blocker();
        return who
                + (queue.blockerState().isEmpty() ? "" : ", " + queue.blockerState())
                + (queue.blockerStatement().isEmpty() ? "" : ": " + queue.blockerStatement());
    }

    /** Who was first in a queue, and what it wanted. */
    static String waiter(LockQueue queue) {
        return queue.first() + " for "
                + (queue.mode().isEmpty() ? "a lock" : queue.mode())
                + (queue.object().isEmpty() ? "" : " on " + queue.object())
                + ": " + queue.firstStatement();
    }
}

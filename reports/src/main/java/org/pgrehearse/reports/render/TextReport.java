package org.pgrehearse.reports.render;

import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.analysis.ExpectationResult;
import org.pgrehearse.reports.analysis.Finding;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.verifier.Live;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.preflight.Inspection;

/** What a command says at its end on a terminal: plain text, aligned, no colour. */
public final class TextReport {
    private static final int FINDINGS_MAX = 20;
    private static final int REASONS_MAX = 20;
    private static final String INDENT = "  ";

    /** The result of {@code verify}, with every listed difference. */
    public String of(Verification verification) {
        StringBuilder text = new StringBuilder();
        text.append(word(verification.verdict()))
                .append(": ")
                .append(Sentences.summary(verification))
                .append('\n');
        text.append(new Columns("ll")
                .row("source", endpoint(verification.source()))
                .row("target", endpoint(verification.target()))
                .text(INDENT));
        if (verification.continued() != null) {
            text.append(INDENT).append(Values.oneLine(verification.continued())).append('\n');
        }
        Live live = verification.live();
        if (live != null) {
            text.append(INDENT)
                    .append("under replication, from " + live.fromLsn() + " to " + live.toLsn() + ", " + live.rounds()
                            + " rounds, " + live.unresolved() + " differences unresolved\n");
        }
        tables(text, verification);
        sequences(text, verification);
        catalog(text, verification);
        if (!verification.coverage().isEmpty()) {
            text.append("\nnot compared\n");
            Columns columns = new Columns("ll");
            verification
                    .coverage()
                    .forEach(
                            skipped -> columns.row(Values.oneLine(skipped.object()), Values.oneLine(skipped.reason())));
            text.append(columns.text(INDENT));
        }
        return text.toString();
    }

    /** The result of {@code run}: expectations, headline numbers, and the reasons against it. */
    public String of(Judgement judgement) {
        StringBuilder text = new StringBuilder();
        text.append(judgement.verdict().word())
                .append(": ")
                .append(judgement.run().scenario())
                .append(" (seed ")
                .append(judgement.run().seed())
                .append(")\n")
                .append(INDENT)
                .append(Sentences.paragraph(judgement.headline()))
                .append('\n');
        if (!judgement.expectations().isEmpty()) {
            Columns columns = new Columns("lllll");
            judgement.expectations().forEach(each -> row(columns, each));
            text.append('\n').append(columns.text(INDENT));
        }
        text.append('\n').append(numbers(judgement).text(INDENT));
        reasons(text, judgement);
        findings(text, judgement);
        return text.toString();
    }

    /** The result of {@code preflight}: each finding with its fix, and what was not checked. */
    public String of(Inspection inspection) {
        return PreflightText.of(inspection);
    }

    private static void tables(StringBuilder text, Verification verification) {
        if (verification.tables().isEmpty()) {
            return;
        }
        Columns columns = new Columns("llrrrrr")
                .row("table", "verdict", "source rows", "target rows", "missing", "unexpected", "changed");
        verification
                .tables()
                .forEach(table -> columns.row(
                        Sentences.name(table),
                        word(table.verdict()),
                        Words.number(table.sourceRows()),
                        Words.number(table.targetRows()),
                        Words.number(table.missing()),
                        Words.number(table.unexpected()),
                        Words.number(table.changed())));
        text.append('\n').append(columns.text(""));
        verification.tables().forEach(table -> details(text, table));
    }

    private static void details(StringBuilder text, TableComparison table) {
        if (table.reason() != null) {
            text.append('\n').append(Sentences.name(table)).append(" was not compared\n");
            text.append(INDENT).append(Values.oneLine(table.reason())).append('\n');
        }
        String unverified = table.reason() == null ? Sentences.unverified(table) : "";
        if (!unverified.isEmpty()) {
            text.append('\n')
                    .append(Sentences.name(table))
                    .append(": ")
                    .append(unverified)
                    .append('\n');
        }
        if (table.differences().isEmpty() && table.columnChanges().columns().isEmpty()) {
            return;
        }
        text.append('\n').append(Sentences.name(table)).append('\n');
        Columns columns = new Columns("lll");
        table.differences().forEach(difference -> row(columns, difference));
        text.append(columns.text(INDENT));
        if (table.truncated()) {
            text.append(INDENT).append("… ").append(Sentences.listed(table)).append('\n');
        }
        if (!table.columnChanges().columns().isEmpty()) {
            text.append(INDENT)
                    .append(Sentences.columnChanges(table.columnChanges()))
                    .append('\n');
        }
    }

    private static void row(Columns columns, RowDifference difference) {
        switch (difference) {
            case RowDifference.Missing missing -> columns.row("missing", Values.key(missing.key()), "");
            case RowDifference.Unexpected unexpected -> columns.row("unexpected", Values.key(unexpected.key()), "");
            case RowDifference.Changed changed ->
                columns.row("changed", Values.key(changed.key()), Sentences.changes(changed));
            case RowDifference.Occurrences row ->
                columns.row(
                        row.sourceCount() > row.targetCount() ? "missing" : "unexpected",
                        Values.key(row.row()),
                        Sentences.occurrences(row));
        }
    }

    private static void sequences(StringBuilder text, Verification verification) {
        if (verification.sequences().isEmpty()) {
            return;
        }
        Columns columns =
                new Columns("lllrrr").row("sequence", "verdict", "kind", "source last", "target last", "target max");
        verification
                .sequences()
                .forEach(sequence -> columns.row(
                        Values.oneLine(sequence.sequence()),
                        word(sequence.verdict()),
                        sequence.kind(),
                        Sentences.number(sequence.sourceLast()),
                        Sentences.number(sequence.targetLast()),
                        Sentences.number(sequence.targetMax())));
        text.append('\n').append(columns.text(""));
        verification.sequences().stream()
                .filter(sequence -> !Sentences.detail(sequence).isEmpty())
                .forEach(sequence -> text.append(INDENT)
                        .append(Values.oneLine(sequence.sequence()))
                        .append(": ")
                        .append(Sentences.detail(sequence))
                        .append('\n'));
    }

    private static void catalog(StringBuilder text, Verification verification) {
        if (verification.catalog().isEmpty()) {
            return;
        }
        Columns columns = new Columns("lllll").row("object", "kind", "severity", "source", "target");
        verification
                .catalog()
                .forEach(finding -> columns.row(
                        Values.oneLine(finding.object()),
                        word(finding.kind()),
                        word(finding.severity()),
                        finding.source() == null ? "-" : Values.oneLine(finding.source()),
                        finding.target() == null ? "-" : Values.oneLine(finding.target())));
        text.append('\n').append(columns.text(""));
    }

    private static void row(Columns columns, ExpectationResult each) {
        columns.row(
                Sentences.mark(each.verdict()),
                each.name(),
                each.limit(),
                each.observed(),
                Values.oneLine(each.reason()));
    }

    private static Columns numbers(Judgement judgement) {
        Columns columns = new Columns("ll")
                .row("write downtime", Sentences.downtime(judgement.write()))
                .row("read downtime", Sentences.downtime(judgement.read()))
                .row("other downtime", Sentences.outages(judgement.outages()));
        if (!judgement.outages().phases().isEmpty()) {
            columns.row("longest window", Sentences.phases(judgement.outages()));
        }
        columns.row("workload", Sentences.workload(judgement.workload()))
                .row("history", Sentences.history(judgement.history()));
        FenceSections.lines(judgement.history().leaks()).stream()
                .limit(FINDINGS_MAX)
                .forEach(line -> columns.row("leak", Values.oneLine(line)));
        if (judgement.forks().writes() > 0) {
            columns.row("forks", FenceSections.forked(judgement.forks()));
        }
        if (judgement.anomalies().transactions() > 0) {
            columns.row("isolation", Sentences.isolation(judgement.anomalies()));
        }
        if (!judgement.invariants().checks().isEmpty()) {
            columns.row("invariants", Sentences.invariants(judgement.invariants()));
        }
        return columns.row("data", Sentences.data(judgement.verification()));
    }

    private static void reasons(StringBuilder text, Judgement judgement) {
        List<Judgement.Reason> reasons = judgement.reasonsBeyondExpectations();
        if (reasons.isEmpty()) {
            return;
        }
        text.append("\nwhat else keeps it from passing\n");
        reasons.stream()
                .limit(REASONS_MAX)
                .forEach(reason -> text.append(INDENT)
                        .append(Sentences.mark(reason.verdict()))
                        .append(' ')
                        .append(Sentences.paragraph(reason.text()))
                        .append('\n'));
        more(text, reasons.size() - REASONS_MAX);
    }

    private static void findings(StringBuilder text, Judgement judgement) {
        if (judgement.findings().isEmpty()) {
            return;
        }
        text.append("\nfindings\n");
        judgement.findings().stream().limit(FINDINGS_MAX).forEach(finding -> finding(text, finding));
        more(text, judgement.findings().size() - FINDINGS_MAX);
    }

    private static void finding(StringBuilder text, Finding finding) {
        text.append(INDENT).append(word(finding.severity())).append(": ").append(Values.oneLine(finding.title()));
        text.append('\n')
                .append(INDENT)
                .append(INDENT)
                .append(Sentences.paragraph(finding.text()))
                .append('\n');
    }

    private static void more(StringBuilder text, int more) {
        if (more > 0) {
            text.append(INDENT).append("… and ").append(more).append(" more in report.json\n");
        }
    }

    private static String endpoint(Verification.Endpoint endpoint) {
        return Values.oneLine(endpoint.url()) + "  (PostgreSQL " + Values.oneLine(endpoint.serverVersion()) + ")"
                + (endpoint.snapshotLsn() == null ? "" : "  as of LSN " + endpoint.snapshotLsn());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

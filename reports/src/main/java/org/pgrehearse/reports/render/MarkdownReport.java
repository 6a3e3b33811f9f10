package org.pgrehearse.reports.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.analysis.Story;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/** A summary for a pull request or a CI job, in GitHub's Markdown, never larger than those places take. */
public final class MarkdownReport {
    /** No summary is larger than this. */
    public static final int BYTES_MAX = 900 * 1024;

    private static final int ROWS_MAX = 200;
    private static final int DIFFERENCES_PER_TABLE_MAX = 20;
    private static final int STORIES_MAX = 20;
    private static final String CUT = "\n\n… cut here; report.html and report.json hold everything.\n";

    /** The summary of a rehearsal. */
    public String of(Judgement judgement) {
        StringBuilder text = new StringBuilder("## ");
        text.append(Sentences.mark(judgement.verdict()))
                .append(' ')
                .append(Markdown.text(judgement.run().scenario()));
        text.append(": ").append(judgement.verdict().word()).append("\n\n");
        text.append(Markdown.text(judgement.headline())).append("\n\n");
        if (!judgement.expectations().isEmpty()) {
            text.append("| | expected | observed |\n| --- | --- | --- |\n");
            judgement
                    .expectations()
                    .forEach(each -> Markdown.row(
                            text,
                            Sentences.mark(each.verdict()),
                            Markdown.code(each.name() + " " + each.limit()),
                            Markdown.text(
                                    each.observed() + (each.reason().isEmpty() ? "" : " (" + each.reason() + ")"))));
            text.append('\n');
        }
        item(text, "Write downtime", Sentences.downtime(judgement.write()));
        item(text, "Read downtime", Sentences.downtime(judgement.read()));
        item(text, "Other downtime", Sentences.outages(judgement.outages()));
        if (!judgement.outages().phases().isEmpty()) {
            item(text, "Longest window without writes", Sentences.phases(judgement.outages()));
        }
        item(text, "Workload", Sentences.workload(judgement.workload()));
        judgement.workload().kinds().stream()
                .filter(kind -> kind.failed() > 0)
                .limit(ROWS_MAX)
                .forEach(kind -> item(text, "Failed " + kind.name(), Sentences.failedByPhase(kind)));
        item(text, "History", Sentences.history(judgement.history()));
        FenceSections.lines(judgement.history().leaks()).stream()
                .limit(ROWS_MAX)
                .forEach(line -> item(text, "Leak", line));
        if (judgement.forks().writes() > 0) {
            item(text, "Forks", FenceSections.forked(judgement.forks()));
        }
        if (judgement.anomalies().transactions() > 0) {
            item(text, "Isolation", Sentences.isolation(judgement.anomalies()));
        }
        if (!judgement.invariants().checks().isEmpty()) {
            item(text, "Invariants", Sentences.invariants(judgement.invariants()));
        }
        String growth = SizeSections.most(judgement.sizes());
        if (!growth.isEmpty()) {
            item(text, "Table growth", growth);
        }
        item(text, "Data", Sentences.data(judgement.verification()));
        item(text, "Seed", String.format(Locale.ROOT, "%d", judgement.run().seed()));
        OutageSections.markdown(text, judgement);
        reasons(text, judgement);
        stories(text, judgement.history().stories());
        if (judgement.verification() != null) {
            differences(text, judgement.verification());
        }
        return bounded(text.toString());
    }

    /** The summary of a comparison alone. */
    public String of(Verification verification) {
        StringBuilder text = new StringBuilder("## ");
        text.append(Sentences.mark(verification.verdict())).append(" pgrehearse verify: ");
        text.append(verification.verdict().name().toLowerCase(Locale.ROOT)).append("\n\n");
        text.append(Markdown.text(Sentences.summary(verification))).append("\n\n");
        item(
                text,
                "Source",
                verification.source().url() + " (" + verification.source().serverVersion() + ")");
        item(
                text,
                "Target",
                verification.target().url() + " (" + verification.target().serverVersion() + ")");
        differences(text, verification);
        return bounded(text.toString());
    }

    private static void reasons(StringBuilder text, Judgement judgement) {
        if (judgement.verdict() == RunVerdict.PASSED) {
            return;
        }
        text.append("\n### Why\n\n");
        judgement.reasons().stream()
                .limit(ROWS_MAX)
                .forEach(reason -> text.append("- ")
                        .append(Sentences.mark(reason.verdict()))
                        .append(' ')
                        .append(Markdown.text(reason.text()))
                        .append('\n'));
    }

    private static void stories(StringBuilder text, List<Story> stories) {
        if (stories.isEmpty()) {
            return;
        }
        text.append("\n### Operations that prove it\n\n");
        stories.stream()
                .limit(STORIES_MAX)
                .forEach(story -> text.append("- ")
                        .append(Markdown.text(story.finding() + ", " + story.which() + ": " + story.text()))
                        .append('\n'));
    }

    private static void differences(StringBuilder text, Verification verification) {
        text.append("\n| | table | source rows | target rows | missing | unexpected | changed |\n");
        text.append("| --- | --- | ---: | ---: | ---: | ---: | ---: |\n");
        verification.tables().stream().limit(ROWS_MAX).forEach(table -> table(text, table));
        if (verification.tables().size() > ROWS_MAX) {
            text.append("\n… and ")
                    .append(verification.tables().size() - ROWS_MAX)
                    .append(" more tables.\n");
        }
        verification.tables().stream()
                .filter(table -> !table.differences().isEmpty())
                .limit(ROWS_MAX)
                .forEach(table -> rows(text, table));
        verification.sequences().stream()
                .filter(sequence -> sequence.verdict() != Verdict.CONSISTENT)
                .limit(ROWS_MAX)
                .forEach(sequence -> item(
                        text,
                        "Sequence " + sequence.sequence(),
                        sequence.reason() == null
                                ? sequence.kind() + ", source last " + Words.orAbsent(sequence.sourceLast())
                                        + ", target last " + Words.orAbsent(sequence.targetLast())
                                : sequence.reason()));
        verification.catalog().stream()
                .limit(ROWS_MAX)
                .forEach(finding ->
                        item(text, finding.object(), finding.kind().name().toLowerCase(Locale.ROOT)));
        verification.coverage().stream()
                .limit(ROWS_MAX)
                .forEach(skipped -> item(text, "Not compared: " + skipped.object(), skipped.reason()));
    }

    private static void table(StringBuilder text, TableComparison table) {
        Markdown.row(
                text,
                Sentences.mark(table.verdict()),
                Markdown.code(Sentences.name(table))
                        + (table.reason() == null ? "" : ": " + Markdown.text(table.reason())),
                Sentences.number(table.sourceRows()),
                Sentences.number(table.targetRows()),
                Sentences.number(table.missing()),
                Sentences.number(table.unexpected()),
                Sentences.number(table.changed()));
    }

    private static void rows(StringBuilder text, TableComparison table) {
        text.append("\n<details><summary>")
                .append(Markdown.text(Sentences.name(table)))
                .append("</summary>\n\n");
        table.differences().stream()
                .limit(DIFFERENCES_PER_TABLE_MAX)
                .forEach(difference -> text.append("- ")
                        .append(Markdown.code(Sentences.difference(difference)))
                        .append('\n'));
        int more = table.differences().size() - DIFFERENCES_PER_TABLE_MAX;
        text.append(more > 0 ? "- … and " + more + " more in report.json\n" : "")
                .append("\n</details>\n\n");
    }

    private static void item(StringBuilder text, String name, String value) {
        text.append("- **")
                .append(Markdown.text(name))
                .append("**: ")
                .append(Markdown.text(value))
                .append('\n');
    }

    /** Cuts at a line, so that no character and no mark-up is cut in two. */
    private static String bounded(String text) {
        if (text.getBytes(UTF_8).length <= BYTES_MAX) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int bytes = CUT.getBytes(UTF_8).length;
        for (String line : text.split("\n", -1)) {
            bytes += line.getBytes(UTF_8).length + 1;
            if (bytes > BYTES_MAX) {
                break;
            }
            kept.append(line).append('\n');
        }
        return kept + CUT;
    }
}

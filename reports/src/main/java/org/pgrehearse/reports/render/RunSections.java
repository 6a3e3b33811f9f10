package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.analysis.Downtime;
import org.pgrehearse.reports.analysis.ExpectationResult;
import org.pgrehearse.reports.analysis.Finding;
import org.pgrehearse.reports.analysis.History;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.Losses;
import org.pgrehearse.reports.analysis.Story;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.reports.analysis.Workload;
import org.pgrehearse.reports.render.page.Block;
import org.pgrehearse.reports.render.page.Page;
import org.pgrehearse.reports.render.page.Tone;

/** What a rehearsal found, as sections of a page; the last one says how to run it again. */
final class RunSections {
    private static final int WINDOWS_MAX = 50;

    private RunSections() {}

    static List<Page.Section> of(Judgement judgement) {
        List<Page.Section> sections = new ArrayList<>();
        sections.add(expectations(judgement));
        if (!judgement.findings().isEmpty()) {
            sections.add(findings(judgement));
        }
        if (!Curves.of(judgement).isEmpty()) {
            sections.add(new Page.Section(
                    "curves",
                    "The run, second by second",
                    "",
                    List.of(new Block.Charts("One time axis for all strips, in seconds since the run began."))));
        }
        sections.add(downtime(judgement));
        sections.add(history(judgement));
        PromiseSections.of(judgement).ifPresent(sections::add);
        sections.add(workload(judgement.workload()));
        CourseSections.of(judgement).ifPresent(sections::add);
        sections.add(again(judgement));
        return sections;
    }

    private static Page.Section expectations(Judgement judgement) {
        List<Block> blocks = new ArrayList<>();
        if (!judgement.expectations().isEmpty()) {
            blocks.add(expectationTable(judgement.expectations()));
        }
        List<Judgement.Reason> further = judgement.reasonsBeyondExpectations();
        if (!further.isEmpty()) {
            blocks.add(new Block.Paragraph("What else keeps this run from passing:"));
            blocks.add(new Block.Notes(further.stream()
                    .map(reason -> new Block.Note(
                            Grids.tone(reason.verdict()),
                            Sentences.mark(reason.verdict()),
                            Sentences.paragraph(reason.text()),
                            ""))
                    .toList()));
        }
        return new Page.Section("expectations", "Expectations", "", blocks);
    }

    private static Block expectationTable(List<ExpectationResult> expectations) {
        boolean reasons = expectations.stream().anyMatch(each -> !each.reason().isEmpty());
        List<List<Block.Cell>> rows = new ArrayList<>();
        for (ExpectationResult each : expectations) {
            List<Block.Cell> row = new ArrayList<>(List.of(
                    Grids.verdict(each.verdict()),
                    Block.Cell.code(each.name() + " " + each.limit()),
                    Block.Cell.of(each.observed())));
            if (reasons) {
                row.add(Block.Cell.of(each.reason()));
            }
            rows.add(row);
        }
        return new Block.Grid(
                "What the scenario expects, and what was seen",
                reasons
                        ? Block.Head.of("Verdict", "Expected", "Observed", "Why it cannot be judged")
                        : Block.Head.of("Verdict", "Expected", "Observed"),
                rows);
    }

    private static Page.Section findings(Judgement judgement) {
        return new Page.Section(
                "findings",
                "Findings",
                "",
                List.of(new Block.Notes(judgement.findings().stream()
                        .map(finding -> switch (finding.severity()) {
                            case ERROR -> note(Tone.BAD, "✗", finding);
                            case WARNING -> note(Tone.DOUBT, "!", finding);
                            case REMARK -> note(Tone.NEUTRAL, "·", finding);
                        })
                        .toList())));
    }

    private static Block.Note note(Tone tone, String mark, Finding finding) {
        return new Block.Note(tone, mark, finding.title(), Sentences.paragraph(finding.text()));
    }

    private static Page.Section downtime(Judgement judgement) {
        List<List<Block.Cell>> curve = new ArrayList<>();
        for (int i = 0; i < judgement.write().byTolerance().size(); i++) {
            long tolerance = judgement.write().byTolerance().get(i).toleranceNanos();
            boolean headline = tolerance == judgement.write().toleranceNanos();
            curve.add(Grids.row(
                    (tolerance == Downtime.NO_TOLERANCE_LIMIT
                                    ? "ever"
                                    : "within " + TimeUnit.NANOSECONDS.toMillis(tolerance) + " ms")
                            + (headline ? " (headline)" : ""),
                    total(judgement.write(), tolerance),
                    total(judgement.read(), tolerance)));
        }
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Grid(
                "Downtime when an answer counts that came …",
                Block.Head.of("Answer came", "Writes#", "Reads#"),
                curve));
        blocks.addAll(OutageSections.of(judgement));
        windows(judgement.write(), "writes").ifPresent(blocks::add);
        windows(judgement.read(), "reads").ifPresent(blocks::add);
        blocks.add(new Block.Grid(
                "Probes, and why some were not good",
                Block.Head.of(
                        "Probes",
                        "Recorded#",
                        "Failed#",
                        "Unknown#",
                        "Wrong side#",
                        "Lost#",
                        "Late#",
                        "Missing#",
                        "Sentinel late p99#",
                        "Longest stall#"),
                List.of(causes("write", judgement.write()), causes("read", judgement.read()))));
        return new Page.Section(
                "downtime",
                "Downtime",
                "Writes: " + Sentences.downtime(judgement.write()) + ". Reads: " + Sentences.downtime(judgement.read())
                        + ".",
                blocks);
    }

    private static String total(Downtime downtime, long tolerance) {
        return downtime.probes() == 0
                ? "–"
                : downtime.byTolerance().stream()
                        .filter(each -> each.toleranceNanos() == tolerance)
                        .map(each -> Words.duration(each.totalNanos()))
                        .findFirst()
                        .orElse("–");
    }

    private static Optional<Block> windows(Downtime downtime, String kind) {
        if (downtime.windows().isEmpty()) {
            return Optional.empty();
        }
        List<List<Block.Cell>> rows = downtime.windows().stream()
                .limit(WINDOWS_MAX)
                .map(window -> Grids.row(
                        Words.instant(window.startNanos()),
                        window.closed() ? Words.instant(window.endNanos()) : "not seen to return",
                        Sentences.window(downtime, window.nanos()),
                        Sentences.number(window.notGood())))
                .toList();
        return Optional.of(new Block.Grid(
                "Windows without " + kind + ": " + rows.size() + " of " + downtime.windowCount() + " shown",
                Block.Head.of("From#", "Until#", "Length#", "Probes not good#"),
                rows));
    }

    private static List<Block.Cell> causes(String kind, Downtime downtime) {
        Downtime.Causes causes = downtime.notGood();
        return Grids.row(
                kind,
                Sentences.number(downtime.probes()),
                Sentences.number(causes.failed()),
                Sentences.number(causes.unknown()),
                Sentences.number(causes.wrongSide()),
                Sentences.number(causes.lost()),
                Sentences.number(causes.late()),
                Sentences.number(causes.missing()),
                Words.duration(downtime.jitterP99Nanos()),
                Words.duration(downtime.stallNanos()));
    }

    private static Page.Section history(Judgement judgement) {
        History history = judgement.history();
        List<Block> blocks = new ArrayList<>();
        blocks.add(fates(history));
        blocks.addAll(FenceSections.of(judgement));
        List<Story> early = history.stories().stream()
                .filter(story -> story.which().equals("early"))
                .toList();
        List<Story> chosen = history.stories().stream()
                .filter(story -> !story.which().equals("early"))
                .toList();
        if (!chosen.isEmpty()) {
            blocks.add(stories("First, worst and last of each finding", chosen));
        }
        if (!early.isEmpty()) {
            blocks.add(new Block.Fold(
                    Words.count(early.size(), "more story", "more stories") + " (all operations are counted above)",
                    false,
                    List.of(stories("Others among the first of each finding", early))));
        }
        return new Page.Section("history", "What became of every write", Sentences.history(history) + ".", blocks);
    }

    private static Block fates(History history) {
        Losses losses = history.losses();
        List<List<Block.Cell>> rows = List.of(
                fate("Writes", history.writes(), "by load and sentinel", false),
                fate("Lost", history.lost(), "acknowledged, yet not on the side that is authoritative now", true),
                fate("Stranded", losses.stranded(), "lost, and only on the other side", true),
                fate("Overwritten", losses.overwritten(), "lost: another transaction's row is in its place", true),
                fate("Vanished", losses.vanished(), "lost, and on neither side", true),
                fate("Unplaced", losses.unplaced(), "lost, and the other side's ledger cannot tell where", true),
                fate("Never replicated", losses.neverReplicated(), "lost, and written beyond what was applied", true),
                fate("Before the applied", losses.beforeApplied(), "lost, and written before what was applied", true),
                fate("Duplicated", history.duplicated(), "held more than once by one side", true),
                fate("Resurrected", history.resurrected(), "failed for the client, yet committed", true),
                fate("Came back", history.deletes().resurrected(), "deleted by an acknowledged write, yet there", true),
                fate("Leaked", history.leaked(), "executed on a side after that side was fenced", true),
                fate("Unresolved", history.unresolved(), "outcome unknown, and the ledgers cannot tell", true),
                fate("Left behind", history.lostUnknown(), "outcome unknown, committed on the other side only", true),
                fate("Resolved", history.resolvedCommitted(), "outcome unknown to the client, found committed", false),
                fate("Resolved", history.resolvedAborted(), "outcome unknown to the client, found aborted", false));
        return new Block.Grid(
                "Every write held against both ledgers", Block.Head.of("Fate", "Writes#", "Meaning"), rows);
    }

    private static List<Block.Cell> fate(String name, long count, String meaning, boolean wrong) {
        return List.of(
                Block.Cell.of(name),
                wrong ? Grids.wrong(count) : Block.Cell.of(Sentences.number(count)),
                Block.Cell.of(meaning));
    }

    private static Block stories(String caption, List<Story> stories) {
        return new Block.Grid(
                caption,
                Block.Head.of("Finding", "Which", "Story"),
                stories.stream().map(RunSections::story).toList());
    }

    private static List<Block.Cell> story(Story story) {
        return List.of(
                Block.Cell.of(story.finding()),
                Block.Cell.of(story.which()),
                Block.Cell.of(Sentences.paragraph(story.text())));
    }

    private static Page.Section workload(Workload workload) {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Grid(
                "Latency of acknowledged operations, from the intended start",
                Block.Head.of("Kind", "Acknowledged#", "p50#", "p95#", "p99#", "p99.9#", "max#"),
                List.of(
                        latency("all", workload.all()),
                        latency("writes", workload.writes()),
                        latency("reads", workload.reads()))));
        if (!workload.errors().isEmpty()) {
            blocks.add(Grids.pairs(
                    "Operations that were not acknowledged, by SQLSTATE",
                    "SQLSTATE",
                    "Operations",
                    new TreeMap<>(workload.errors())
                            .entrySet().stream()
                                    .map(entry -> Grids.row(entry.getKey(), Sentences.number(entry.getValue())))
                                    .toList()));
        }
        if (workload.kinds().size() > 1) {
            blocks.add(new Block.Grid(
                    "Kinds of transactions",
                    Block.Head.of("Transaction", "Scheduled#", "Acknowledged#", "Failed#", "Unknown#", "Failed in"),
                    workload.kinds().stream().map(RunSections::kind).toList()));
        }
        return new Page.Section("workload", "Workload", Sentences.workload(workload) + ".", blocks);
    }

    private static List<Block.Cell> kind(Workload.Kind kind) {
        return Grids.row(
                kind.name(),
                Sentences.number(kind.scheduled()),
                Sentences.number(kind.acknowledged()),
                Sentences.number(kind.failed()),
                Sentences.number(kind.unknown()),
                Sentences.failedByPhase(kind));
    }

    private static List<Block.Cell> latency(String kind, Workload.Latency latency) {
        return latency.count() == 0
                ? Grids.row(kind, "0", "–", "–", "–", "–", "–")
                : Grids.row(
                        kind,
                        Sentences.number(latency.count()),
                        Sentences.millis(latency.p50()),
                        Sentences.millis(latency.p95()),
                        Sentences.millis(latency.p99()),
                        Sentences.millis(latency.p999()),
                        Sentences.millis(latency.max()));
    }

    private static Page.Section again(Judgement judgement) {
        Judgement.Run run = judgement.run();
        List<List<Block.Cell>> facts = new ArrayList<>();
        facts.add(Grids.row("seed", String.format(Locale.ROOT, "%d", run.seed())));
        facts.add(Grids.row("pgrehearse", run.toolVersion()));
        new TreeMap<>(judgement.environment()).forEach((name, value) -> facts.add(Grids.row(name, value)));
        return new Page.Section(
                "again",
                "Run it again",
                "",
                List.of(
                        new Block.Listing(
                                "The same schedule, with the scenario below saved as scenario.yaml",
                                "pgrehearse run scenario.yaml --seed " + run.seed()),
                        Grids.pairs("Environment of this run", "Name", "Value", facts),
                        new Block.Fold(
                                "The scenario as it was resolved",
                                false,
                                List.of(new Block.Listing("scenario.yaml", run.scenarioYaml())))));
    }
}

package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.analysis.Downtime;
import org.pgrehearse.reports.analysis.ExpectationResult;
import org.pgrehearse.reports.analysis.History;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.reports.analysis.Workload;
import org.pgrehearse.reports.render.page.Page;
import org.pgrehearse.reports.render.page.Tone;
import org.pgrehearse.verifier.Verification;

/** The page of a rehearsal. */
final class RunPage {
    private RunPage() {}

    static Page of(Judgement judgement, Page.Assets assets) {
        Judgement.Run run = judgement.run();
        RunVerdict verdict = judgement.verdict();
        List<Page.Section> sections = new ArrayList<>(RunSections.of(judgement));
        if (judgement.verification() != null) {
            String lead = "Compared at the end: " + Sentences.data(judgement.verification()) + ".";
            sections.addAll(sections.size() - 1, VerificationSections.of(judgement.verification(), lead));
        }
        return new Page(
                "pgrehearse: " + run.scenario() + " " + verdict.word(),
                Grids.tone(verdict),
                Sentences.mark(verdict),
                verdict.word(),
                run.scenario() + (run.description().isBlank() ? "" : " · " + run.description()),
                judgement.headline(),
                facts(run),
                tiles(judgement),
                sections,
                Curves.of(judgement),
                "Made by " + Product.NAME + " " + Product.VERSION
                        + " from the recording of the run. Charts: uPlot 1.6.32, © Leon Sorokin, MIT licence.",
                assets);
    }

    private static List<String> facts(Judgement.Run run) {
        String ending = run.ending() == null
                ? "End not recorded"
                : "Run " + run.ending().name().toLowerCase(Locale.ROOT);
        return List.of(
                "Seed " + run.seed(),
                run.startedAt() == null ? "Start not recorded" : "Started " + run.startedAt(),
                "Took " + Words.duration(run.durationNanos()),
                ending);
    }

    private static List<Page.Tile> tiles(Judgement judgement) {
        History history = judgement.history();
        Workload.Latency latency = judgement.workload().all();
        String doubt =
                history.reasonToDoubt().isPresent() ? "in doubt" : "of " + Words.count(history.writes(), "write");
        return List.of(
                downtime(judgement, "Write downtime", judgement.write(), "write-downtime"),
                downtime(judgement, "Read downtime", judgement.read(), "read-downtime"),
                new Page.Tile(
                        "Lost writes",
                        Sentences.number(history.lost()),
                        doubt,
                        tone(judgement, "lost-writes", history.lost())),
                new Page.Tile(
                        "Applied twice",
                        Sentences.number(history.duplicated()),
                        Sentences.number(history.unresolved()) + " of unknown fate",
                        tone(judgement, "duplicated-writes", history.duplicated())),
                data(judgement.verification()),
                new Page.Tile(
                        "Latency p99",
                        latency.count() == 0 ? "–" : Sentences.millis(latency.p99()),
                        Words.count(judgement.workload().scheduled(), "operation"),
                        tone(judgement, "write-p99", 0)));
    }

    private static Page.Tile data(@Nullable Verification verification) {
        if (verification == null) {
            return new Page.Tile("Data", "–", "not compared", Tone.NEUTRAL);
        }
        String note = verification.verdict().name().toLowerCase(Locale.ROOT) + ", "
                + Words.count(verification.tables().size(), "table");
        return new Page.Tile("Data", Sentences.mark(verification.verdict()), note, Grids.tone(verification.verdict()));
    }

    private static Page.Tile downtime(Judgement judgement, String label, Downtime downtime, String name) {
        if (downtime.probes() == 0) {
            return new Page.Tile(label, "–", "not measured", tone(judgement, name, 0));
        }
        String note = downtime.windowCount() == 0
                ? "± " + Words.duration(downtime.intervalNanos())
                : "longest " + Sentences.window(downtime, downtime.longestNanos()) + ", ± "
                        + Words.duration(downtime.intervalNanos());
        return new Page.Tile(
                label,
                Words.duration(downtime.totalNanos()),
                downtime.doubt().isEmpty() ? note : "in doubt",
                tone(judgement, name, 0));
    }

    /** The verdict of the expectation on this, and else bad if there is anything that should not be. */
    private static Tone tone(Judgement judgement, String name, long wrong) {
        return judgement.expectations().stream()
                .filter(each -> Objects.equals(each.name(), name))
                .map(ExpectationResult::verdict)
                .reduce(RunVerdict::and)
                .map(Grids::tone)
                .orElse(wrong > 0 ? Tone.BAD : Tone.NEUTRAL);
    }
}

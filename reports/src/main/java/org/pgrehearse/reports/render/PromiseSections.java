package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.reports.render.page.Block;
import org.pgrehearse.reports.render.page.Page;

/** What transactions were promised, as a section of a page: isolation, sessions and invariants. */
final class PromiseSections {
    private PromiseSections() {}

    /** Empty when the recording holds nothing of the kind. */
    static Optional<Page.Section> of(Judgement judgement) {
        Anomalies anomalies = judgement.anomalies();
        List<Invariants.Check> checks = judgement.invariants().checks();
        if (anomalies.transactions() == 0 && checks.isEmpty()) {
            return Optional.empty();
        }
        List<Block> blocks = new ArrayList<>();
        if (!anomalies.found().isEmpty()) {
            blocks.add(new Block.Grid(
                    "Anomalies: what the histories of transactions contradict",
                    Block.Head.of("Anomaly", "Meaning", "Level", "Count#", "In the warm-up#"),
                    anomalies.found().stream().map(PromiseSections::row).toList()));
            blocks.add(new Block.Grid(
                    "First, worst and last of each anomaly",
                    Block.Head.of("Anomaly", "Which", "Story"),
                    anomalies.found().stream()
                            .flatMap(found -> found.cases().stream()
                                    .map(each -> story(found.anomaly().title(), each.which(), each.text())))
                            .toList()));
        }
        if (!checks.isEmpty()) {
            blocks.add(new Block.Grid(
                    "Invariants that the load keeps",
                    Block.Head.of("Kind", "Name", "Readings#", "Broken#", "In the warm-up#"),
                    checks.stream().map(PromiseSections::row).toList()));
            List<List<Block.Cell>> stories = checks.stream()
                    .flatMap(
                            check -> check.cases().stream().map(each -> story(check.name(), each.which(), each.text())))
                    .toList();
            if (!stories.isEmpty()) {
                blocks.add(new Block.Grid(
                        "First, worst and last of each broken invariant",
                        Block.Head.of("Invariant", "Which", "Story"),
                        stories));
            }
        }
        return Optional.of(new Page.Section(
                "promises",
                "What transactions were promised",
                "Isolation: " + Sentences.isolation(anomalies) + ". Invariants: "
                        + Sentences.invariants(judgement.invariants()) + ".",
                blocks));
    }

    private static List<Block.Cell> row(Anomalies.Found found) {
        return List.of(
                Block.Cell.of(found.anomaly().title()),
                Block.Cell.of(found.anomaly().words()),
                Block.Cell.of(found.forbidden() ? "excludes it" : "allows it"),
                found.forbidden() ? Grids.wrong(found.count()) : Block.Cell.of(Sentences.number(found.count())),
                Block.Cell.of(Sentences.number(found.baseline())));
    }

    private static List<Block.Cell> row(Invariants.Check check) {
        return List.of(
                Block.Cell.of(check.kind().word()),
                Block.Cell.of(check.name()),
                Block.Cell.of(Sentences.number(check.readings())),
                Grids.wrong(check.broken()),
                Block.Cell.of(Sentences.number(check.baseline())));
    }

    private static List<Block.Cell> story(String name, String which, String text) {
        return List.of(Block.Cell.of(name), Block.Cell.of(which), Block.Cell.of(Sentences.paragraph(text)));
    }
}

package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.Leak;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.Forks;
import org.pgrehearse.reports.render.page.Block;

/** Who wrote past a fence, and which keys went two ways after the switch, as blocks of a page and as lines. */
final class FenceSections {
    private FenceSections() {}

    static List<Block> of(Judgement judgement) {
        List<Block> blocks = new ArrayList<>();
        List<Leak> leaks = judgement.history().leaks();
        if (!leaks.isEmpty()) {
            blocks.add(new Block.Grid(
                    "Writes past a fence, by role and pool",
                    Block.Head.of(
                            "Side", "Role", "Pool", "Writes#", "Sessions#", "Busiest", "From#", "Until#", "Latest#"),
                    leaks.stream().map(FenceSections::row).toList()));
        }
        Forks forks = judgement.forks();
        if (forks.keys() > 0) {
            blocks.add(new Block.Grid(
                    "Keys that both sides acknowledged writes of after the switch: " + forked(forks),
                    Block.Head.of("From#", "Story"),
                    forks.cases().stream().map(FenceSections::row).toList()));
        }
        return blocks;
    }

    /** One line for each way past a fence. */
    static List<String> lines(List<Leak> leaks) {
        return leaks.stream()
                .map(leak -> Words.count(leak.writes(), "write") + " past the fence of the " + Words.of(leak.side())
                        + " by role " + role(leak) + " from " + leak.pool() + " in "
                        + Words.count(leak.sessions(), "session") + " (" + busiest(leak) + "), the latest started "
                        + Words.duration(leak.worstNanos()) + " after the fence")
                .toList();
    }

    static String forked(Forks forks) {
        return forks.writes() == 0
                ? "not checked"
                : Words.count(forks.keys(), "key") + " forked, by " + Words.count(forks.oldSideWrites(), "write")
                        + " on the old side and " + Sentences.number(forks.newSideWrites()) + " on the new one";
    }

    private static List<Block.Cell> row(Leak leak) {
        return List.of(
                Block.Cell.of(Words.of(leak.side())),
                Block.Cell.of(role(leak)),
                Block.Cell.of(leak.pool()),
                Grids.wrong(leak.writes()),
                Block.Cell.of(Sentences.number(leak.sessions())),
                Block.Cell.of(busiest(leak)),
                Block.Cell.of(Words.instant(leak.firstNanos())),
                Block.Cell.of(Words.instant(leak.lastNanos())),
                Block.Cell.of(Words.duration(leak.worstNanos()) + " after"));
    }

    private static List<Block.Cell> row(Anomalies.Case each) {
        return Grids.row(Words.instant(each.fromNanos()), Sentences.paragraph(each.text()));
    }

    private static String role(Leak leak) {
        return leak.role().isEmpty() ? "not recorded" : leak.role();
    }

    private static String busiest(Leak leak) {
        return leak.busiest().stream()
                .map(each -> (each.backend() == 0 ? "not recorded" : "pid " + each.backend()) + ": "
                        + Sentences.number(each.writes()))
                .collect(Collectors.joining(", "));
    }
}

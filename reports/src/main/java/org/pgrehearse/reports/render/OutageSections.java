package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import org.pgrehearse.reports.analysis.Downtime;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.Outages;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.reports.render.page.Block;

/** Downtime by class of service, and the longest window phase by phase, as blocks of a page. */
final class OutageSections {
    private OutageSections() {}

    static List<Block> of(Judgement judgement) {
        Outages outages = judgement.outages();
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Grid(
                "By class of service; hard down is time in which nothing succeeded, degraded time in which some did",
                Block.Head.of(
                        "Class", "Probes#", "Total#", "Longest#", "Hard down#", "Degraded#", "Stall#", "Recovery#"),
                List.of(
                        row("writes", judgement.write()),
                        row("reads, authoritative side", judgement.read()),
                        row("reads, any side", outages.anyRead()),
                        row("connecting", outages.connect()),
                        row("writes, fresh connections (database)", outages.database()),
                        row("writes, pooled connections (clients)", outages.pool()))));
        Downtime.Window window = outages.window();
        if (window != null) {
            blocks.add(new Block.Grid(
                    "The longest window without writes, from " + Words.instant(window.startNanos()) + " to "
                            + Words.instant(window.endNanos()) + ", phase by phase",
                    Block.Head.of("Phase", "Length#"),
                    outages.phases().stream()
                            .map(slice -> Grids.row(slice.name(), Words.duration(slice.nanos())))
                            .toList()));
        }
        return blocks;
    }

    private static List<Block.Cell> row(String name, Downtime downtime) {
        return downtime.probes() == 0
                ? Grids.row(name, "0", "–", "–", "–", "–", "–", "–")
                : Grids.row(
                        name,
                        Sentences.number(downtime.probes()),
                        Words.duration(downtime.totalNanos())
                                + (downtime.doubt().isEmpty() ? "" : " (in doubt)"),
                        downtime.windowCount() == 0
                                ? "–"
                                : Sentences.window(downtime, downtime.longestNanos()) + " ± "
                                        + Words.duration(2 * downtime.intervalNanos()),
                        Words.duration(downtime.hardDownNanos()),
                        Words.duration(downtime.degradedNanos()),
                        Words.duration(downtime.stallNanos()),
                        recovery(downtime.recovery()));
    }

    private static String recovery(Downtime.Recovery recovery) {
        if (!recovery.doubt().isEmpty()) {
            return "not seen";
        }
        return Words.duration(recovery.longestNanos());
    }
}

package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
        standstills(judgement).ifPresent(blocks::add);
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

    /** Pauses of the load generator itself, which are no downtime and spoil its measurement; empty for none. */
    private static Optional<Block> standstills(Judgement judgement) {
        List<List<Block.Cell>> rows = Stream.of(
                        standstill("writes", judgement.write()), standstill("reads", judgement.read()))
                .flatMap(Optional::stream)
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new Block.Grid(
                        "The load generator itself stood still: no downtime of the servers, and no measurement either",
                        Block.Head.of("Probes of", "Spoiled#", "From#", "Until#", "Latest start#"),
                        rows));
    }

    private static Optional<List<Block.Cell>> standstill(String name, Downtime downtime) {
        Downtime.Standstill stood = downtime.standstill();
        return stood.probes() == 0
                ? Optional.empty()
                : Optional.of(Grids.row(
                        name,
                        Sentences.number(stood.probes()),
                        Words.instant(stood.firstNanos()),
                        Words.instant(stood.lastNanos()),
                        Words.duration(stood.worstNanos()) + " late"));
    }

    /** The same table of classes in Markdown, and the pauses of the load generator; nothing when no probe ran. */
    static void markdown(StringBuilder text, Judgement judgement) {
        if (judgement.write().probes() + judgement.read().probes() == 0) {
            return;
        }
        Outages outages = judgement.outages();
        text.append(
                "\n| class | total | longest | hard down | degraded | stall | recovery | generator stood still |\n");
        text.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |\n");
        line(text, "writes", judgement.write());
        line(text, "reads, authoritative side", judgement.read());
        line(text, "reads, any side", outages.anyRead());
        line(text, "connecting", outages.connect());
        line(text, "writes, fresh connections", outages.database());
        line(text, "writes, pooled connections", outages.pool());
        Downtime.Window window = outages.window();
        if (window != null) {
            text.append("\n| phase of the longest window without writes | length |\n| --- | ---: |\n");
            outages.phases()
                    .forEach(slice -> Markdown.row(
                            text, Markdown.text(slice.name()), Markdown.text(Words.duration(slice.nanos()))));
        }
        text.append('\n');
    }

    private static void line(StringBuilder text, String name, Downtime downtime) {
        if (downtime.probes() == 0) {
            Markdown.row(text, name, "not measured", "–", "–", "–", "–", "–", "–");
            return;
        }
        Downtime.Standstill stood = downtime.standstill();
        Markdown.row(
                text,
                name,
                Words.duration(downtime.totalNanos()) + (downtime.doubt().isEmpty() ? "" : " (in doubt)"),
                downtime.windowCount() == 0 ? "–" : Sentences.window(downtime, downtime.longestNanos()),
                Words.duration(downtime.hardDownNanos()),
                Words.duration(downtime.degradedNanos()),
                Words.duration(downtime.stallNanos()),
                recovery(downtime.recovery()),
                stood.probes() == 0
                        ? "no"
                        : "from " + Words.instant(stood.firstNanos()) + " to " + Words.instant(stood.lastNanos())
                                + ", up to " + Words.duration(stood.worstNanos()));
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

package org.pgrehearse.reports.render;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.pgrehearse.reports.analysis.TableGrowth;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.reports.render.page.Block;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How tables grew during the run, in every report. */
final class SizeSections {
    private static final int TABLES_SHOWN_MAX = 20;
    private static final double KIB = 1024;

    private SizeSections() {}

    /** The tables that grew most. */
    static Block grid(List<TableGrowth> sizes) {
        return new Block.Grid(
                "Tables with their indexes and TOAST, by growth",
                Block.Head.of(
                        "Table",
                        "Side",
                        "Before#",
                        "Largest#",
                        "At the end#",
                        "Indexes#",
                        "TOAST#",
                        "Dead#",
                        "Grew in"),
                sizes.stream()
                        .limit(TABLES_SHOWN_MAX)
                        .map(each -> Grids.row(
                                each.table(),
                                Words.of(each.side()),
                                bytes(each.before()),
                                bytes(each.largest()),
                                bytes(each.end()),
                                bytes(each.indexes()),
                                bytes(each.toast()),
                                each.dead() == null ? "" : String.format(Locale.ROOT, "%.0f %%", each.dead()),
                                phases(each)))
                        .toList());
    }

    /** The table that grew most, as a line; empty when none did. */
    static String most(List<TableGrowth> sizes) {
        return sizes.stream()
                .filter(each -> each.grown() > 0)
                .findFirst()
                .map(each -> each.table() + " on the " + Words.of(each.side()) + " grew from " + bytes(each.before())
                        + " to " + bytes(each.largest()) + (each.phases().isEmpty() ? "" : " (" + phases(each) + ")"))
                .orElse("");
    }

    static void document(ArrayNode array, List<TableGrowth> sizes) {
        for (TableGrowth each : sizes) {
            ObjectNode node = array.addObject().put("table", each.table()).put("side", Words.of(each.side()));
            node.put("beforeBytes", each.before()).put("largestBytes", each.largest());
            node.put("endBytes", each.end()).put("endIndexBytes", each.indexes());
            node.put("endToastBytes", each.toast()).put("deadPercentMax", each.dead());
            ArrayNode phases = node.putArray("phases");
            each.phases()
                    .forEach(phase ->
                            phases.addObject().put("name", phase.phase()).put("grownBytes", phase.bytes()));
        }
    }

    private static String phases(TableGrowth growth) {
        return growth.phases().stream()
                .map(each -> each.phase() + (each.bytes() < 0 ? " -" : " +") + bytes(Math.abs(each.bytes())))
                .collect(Collectors.joining(", "));
    }

    private static String bytes(long bytes) {
        return bytes < KIB * KIB
                ? String.format(Locale.ROOT, "%.0f KiB", bytes / KIB)
                : String.format(Locale.ROOT, "%,.1f MiB", bytes / (KIB * KIB));
    }
}

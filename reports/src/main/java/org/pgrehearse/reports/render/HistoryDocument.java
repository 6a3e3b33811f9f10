package org.pgrehearse.reports.render;

import org.pgrehearse.reports.analysis.Losses;
import tools.jackson.databind.node.ObjectNode;

/** Parts of the history in the document of {@code run}. */
final class HistoryDocument {
    private HistoryDocument() {}

    /** What became of lost writes: the first four add up to {@code lost}, and so do the last three. */
    static void losses(ObjectNode node, Losses losses) {
        node.put("stranded", losses.stranded()).put("overwritten", losses.overwritten());
        node.put("vanished", losses.vanished()).put("unplaced", losses.unplaced());
        node.put("lostNeverReplicated", losses.neverReplicated());
        node.put("lostBeforeApplied", losses.beforeApplied());
        node.put("lostPositionUnknown", losses.positionUnknown());
    }
}

package org.pgrehearse.reports.render;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.analysis.Leak;
import org.pgrehearse.reports.analysis.Losses;
import org.pgrehearse.reports.anomaly.Forks;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Parts of the history in the document of {@code run}. */
final class HistoryDocument {
    private static final double MICROS_PER_SECOND = 1e6;

    private HistoryDocument() {}

    /** What became of lost writes: the first four add up to {@code lost}, and so do the last three. */
    static void losses(ObjectNode node, Losses losses) {
        node.put("stranded", losses.stranded()).put("overwritten", losses.overwritten());
        node.put("vanished", losses.vanished()).put("unplaced", losses.unplaced());
        node.put("lostNeverReplicated", losses.neverReplicated());
        node.put("lostBeforeApplied", losses.beforeApplied());
        node.put("lostPositionUnknown", losses.positionUnknown());
    }

    /** The ways past a fence. */
    static void leaks(ArrayNode array, List<Leak> leaks) {
        for (Leak leak : leaks) {
            ObjectNode node = array.addObject();
            node.put("side", leak.side().name().toLowerCase(Locale.ROOT));
            node.put("role", leak.role().isEmpty() ? null : leak.role()).put("pool", leak.pool());
            node.put("writes", leak.writes()).put("sessions", leak.sessions());
            node.put("firstSeconds", seconds(leak.firstNanos()));
            node.put("lastSeconds", seconds(leak.lastNanos()));
            node.put("longestAfterFenceSeconds", seconds(leak.worstNanos()));
            ArrayNode sessions = node.putArray("busiestSessions");
            leak.busiest()
                    .forEach(session -> sessions.addObject()
                            .put("backend", session.backend() == 0 ? null : (Integer) session.backend())
                            .put("writes", session.writes()));
        }
    }

    /** Keys that both sides wrote after a switch. */
    static ObjectNode forks(Forks forks) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("writesAfterSwitch", forks.writes()).put("keys", forks.keys());
        node.put("oldSideWrites", forks.oldSideWrites()).put("newSideWrites", forks.newSideWrites());
        ArrayNode examples = node.putArray("examples");
        forks.cases()
                .forEach(each -> examples.addObject()
                        .put("startSeconds", seconds(each.fromNanos()))
                        .put("endSeconds", seconds(each.untilNanos()))
                        .put("text", each.text()));
        return node;
    }

    private static double seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos) / MICROS_PER_SECOND;
    }
}

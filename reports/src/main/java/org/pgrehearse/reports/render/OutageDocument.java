package org.pgrehearse.reports.render;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.analysis.Downtime;
import org.pgrehearse.reports.analysis.Outages;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What is added to the downtime in the document of {@code run}: further measures, and the phases of one window. */
final class OutageDocument {
    private static final double MICROS_PER_SECOND = 1e6;

    private OutageDocument() {}

    /** Adds the measures that tell what a downtime was like. */
    static void measures(ObjectNode node, Downtime downtime) {
        boolean measured = downtime.probes() > 0;
        Downtime.Recovery recovery = downtime.recovery();
        node.put("hardDownSeconds", measured ? seconds(downtime.hardDownNanos()) : null);
        node.put("degradedSeconds", measured ? seconds(downtime.degradedNanos()) : null);
        node.putObject("recovery")
                .put("longestSeconds", measured && recovery.doubt().isEmpty() ? seconds(recovery.longestNanos()) : null)
                .put("baselineP99Seconds", seconds(recovery.baselineP99Nanos()))
                .put("returned", recovery.returned())
                .put("doubt", recovery.doubt().isEmpty() ? null : recovery.doubt());
    }

    /** Adds the time in which only clients were down, and what went into the longest window without writes. */
    static void phases(ObjectNode downtime, Outages outages) {
        downtime.put("clientSeconds", outages.pool().probes() > 0 ? seconds(outages.clientNanos()) : null);
        Downtime.Window window = outages.window();
        if (window == null) {
            downtime.putNull("longestWriteWindow");
            return;
        }
        ArrayNode phases = downtime.putObject("longestWriteWindow")
                .put("startSeconds", seconds(window.startNanos()))
                .put("endSeconds", seconds(window.endNanos()))
                .put("unexplainedSeconds", seconds(outages.unexplainedNanos()))
                .putArray("phases");
        outages.phases()
                .forEach(slice -> phases.addObject().put("name", slice.name()).put("seconds", seconds(slice.nanos())));
    }

    private static @Nullable Double seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos) / MICROS_PER_SECOND;
    }
}

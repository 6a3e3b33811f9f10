package org.pgrehearse.reports.render;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.pgrehearse.reports.analysis.Downtime;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.Timeline;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The data of the charts as JSON in which nothing can end the script element that holds it. */
final class Curves {
    private static final int BANDS_MAX = 200;
    private static final int MONITORS_MAX = 12;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double ROUND = 1000;

    private final ObjectNode root = JsonNodeFactory.instance.objectNode();

    private Curves() {}

    /** The data, or an empty text when there is nothing to draw. */
    static String of(Judgement judgement) {
        Timeline timeline = judgement.timeline();
        boolean load = judgement.workload().scheduled() > 0;
        if (timeline.dots().isEmpty() && timeline.monitors().isEmpty() && !load) {
            return "";
        }
        Curves curves = new Curves();
        curves.root.put("end", seconds(judgement.run().durationNanos()));
        curves.bands(judgement);
        curves.buckets(load ? timeline.buckets() : List.of(), timeline.bucketNanos());
        curves.monitors(timeline.monitors());
        curves.dots(timeline.dots());
        return curves.root
                .toString()
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private void bands(Judgement judgement) {
        ArrayNode phases = root.putArray("phases");
        judgement.phases().stream()
                .limit(BANDS_MAX)
                .forEach(phase -> band(phases, phase.name(), phase.startNanos(), phase.endNanos()));
        ArrayNode faults = root.putArray("faults");
        judgement.faults().stream()
                .limit(BANDS_MAX)
                .forEach(fault -> band(faults, fault.name(), fault.startNanos(), fault.endNanos()));
        ArrayNode downtime = root.putArray("downtime");
        for (Downtime.Window window :
                judgement.write().windows().stream().limit(BANDS_MAX).toList()) {
            String label = "no writes " + Sentences.window(judgement.write(), window.nanos());
            band(downtime, label, window.startNanos(), window.endNanos());
        }
    }

    private static void band(ArrayNode bands, String label, long start, long end) {
        bands.addArray().add(label).add(seconds(start)).add(seconds(end));
    }

    private void buckets(List<Timeline.Bucket> buckets, long bucketNanos) {
        double perSecond = TimeUnit.SECONDS.toNanos(1) / (double) Math.max(1, bucketNanos);
        ObjectNode node = root.putObject("buckets");
        column(node, "t", buckets, bucket -> seconds(bucket.startNanos()));
        column(node, "acknowledged", buckets, bucket -> bucket.acknowledged() * perSecond);
        column(node, "failed", buckets, bucket -> bucket.failed() * perSecond);
        column(node, "unknown", buckets, bucket -> bucket.unknown() * perSecond);
        column(node, "p50", buckets, bucket -> bucket.p50() / NANOS_PER_MILLI);
        column(node, "p99", buckets, bucket -> bucket.p99() / NANOS_PER_MILLI);
        column(node, "max", buckets, bucket -> bucket.max() / NANOS_PER_MILLI);
    }

    /** Latencies of empty buckets are negative, and become gaps. */
    private static void column(
            ObjectNode node, String name, List<Timeline.Bucket> buckets, ToDoubleFunction<Timeline.Bucket> value) {
        ArrayNode column = node.putArray(name);
        for (Timeline.Bucket bucket : buckets) {
            double number = value.applyAsDouble(bucket);
            if (number < 0) {
                column.addNull();
            } else {
                column.add(rounded(number));
            }
        }
    }

    private void monitors(List<Timeline.Monitor> monitors) {
        ArrayNode all = root.putArray("monitors");
        monitors.stream().limit(MONITORS_MAX).forEach(monitor -> {
            ObjectNode node = all.addObject().put("name", monitor.name());
            ArrayNode times = node.putArray("t");
            ArrayNode values = node.putArray("v");
            monitor.readings().forEach(reading -> {
                times.add(seconds(reading.atNanos()));
                values.add(Double.isFinite(reading.value()) ? rounded(reading.value()) : 0);
            });
        });
    }

    private void dots(List<Timeline.Dot> dots) {
        ArrayNode all = root.putArray("dots");
        dots.forEach(dot -> all.addArray()
                .add(seconds(dot.intendedNanos()))
                .add(rounded(dot.nanos() / NANOS_PER_MILLI))
                .add(dot.write() ? 1 : 0)
                .add(look(dot.look())));
    }

    private static int look(Timeline.Look look) {
        return switch (look) {
            case GOOD -> 0;
            case LATE -> 1;
            case FAILED -> 2;
            case UNKNOWN -> 3;
            case WRONG_SIDE -> 4;
        };
    }

    private static double seconds(long nanos) {
        return rounded(nanos / (double) TimeUnit.SECONDS.toNanos(1));
    }

    private static double rounded(double value) {
        return Math.rint(value * ROUND) / ROUND;
    }
}

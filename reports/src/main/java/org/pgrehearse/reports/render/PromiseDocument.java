package org.pgrehearse.reports.render;

import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.invariant.Invariants;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What transactions were promised, as parts of the document of {@code run}: isolation, sessions and invariants. */
final class PromiseDocument {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final double MICROS_PER_SECOND = 1e6;

    private PromiseDocument() {}

    static ObjectNode of(Anomalies anomalies) {
        ObjectNode node = NODES.objectNode();
        node.put("transactions", anomalies.transactions()).put("committed", anomalies.committed());
        node.put("reads", anomalies.reads());
        node.put("forbidden", anomalies.forbidden()).put("allowed", anomalies.allowed());
        node.put("greatestStalenessSeconds", seconds(anomalies.greatestStalenessNanos()));
        node.put("doubt", anomalies.doubt().isEmpty() ? null : anomalies.doubt());
        ArrayNode found = node.putArray("anomalies");
        for (Anomalies.Found each : anomalies.found()) {
            ArrayNode cases = found.addObject()
                    .put("name", each.anomaly().title())
                    .put("meaning", each.anomaly().words())
                    .put("forbidden", each.forbidden())
                    .put("count", each.count())
                    .put("baseline", each.baseline())
                    .putArray("examples");
            each.cases()
                    .forEach(example -> cases.addObject()
                            .put("which", example.which())
                            .put("startSeconds", seconds(example.fromNanos()))
                            .put("endSeconds", seconds(example.untilNanos()))
                            .put("text", example.text()));
        }
        return node;
    }

    static ArrayNode of(Invariants invariants) {
        ArrayNode checks = NODES.arrayNode();
        for (Invariants.Check check : invariants.checks()) {
            ArrayNode cases = checks.addObject()
                    .put("kind", check.kind().word())
                    .put("name", check.name())
                    .put("readings", check.readings())
                    .put("broken", check.broken())
                    .put("baseline", check.baseline())
                    .putArray("examples");
            check.cases()
                    .forEach(example -> cases.addObject()
                            .put("which", example.which())
                            .put("startSeconds", seconds(example.atNanos()))
                            .put("text", example.text()));
        }
        return checks;
    }

    private static double seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos) / MICROS_PER_SECOND;
    }
}

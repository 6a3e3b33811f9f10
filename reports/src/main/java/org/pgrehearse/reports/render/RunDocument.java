package org.pgrehearse.reports.render;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.analysis.Downtime;
import org.pgrehearse.reports.analysis.FaultRecord;
import org.pgrehearse.reports.analysis.History;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.LockQueues;
import org.pgrehearse.reports.analysis.Workload;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The document of {@code run}, in the order that the contract shows. */
final class RunDocument {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MICROS_PER_MILLI = 1e3;

    private RunDocument() {}

    static ObjectNode of(Judgement judgement) {
        Judgement.Run run = judgement.run();
        ObjectNode document = NODES.objectNode();
        document.put("tool", Product.NAME).put("version", run.toolVersion()).put("command", "run");
        document.put("scenario", run.scenario()).put("seed", run.seed());
        document.put("verdict", judgement.verdict().word());
        document.put("headline", judgement.headline());
        ArrayNode reasons = document.putArray("reasons");
        judgement
                .reasons()
                .forEach(reason -> reasons.addObject()
                        .put("verdict", reason.verdict().word())
                        .put("text", reason.text()));
        document.put(
                "startedAt", run.startedAt() == null ? null : run.startedAt().toString());
        document.put("elapsedSeconds", seconds(run.durationNanos()));
        document.put("ending", word(run.ending()));
        course(document, judgement);
        ObjectNode downtime = document.putObject("downtime");
        downtime.set("write", downtime(judgement.write()));
        downtime.set("read", downtime(judgement.read()));
        downtime.set("anyRead", downtime(judgement.outages().anyRead()));
        downtime.set("connect", downtime(judgement.outages().connect()));
        downtime.set("database", downtime(judgement.outages().database()));
        downtime.set("pool", downtime(judgement.outages().pool()));
        OutageDocument.phases(downtime, judgement.outages());
        document.set("workload", workload(judgement.workload()));
        document.set("history", history(judgement.history()));
        document.set("locks", locks(judgement.locks()));
        SizeSections.document(document.putArray("tableSizes"), judgement.sizes());
        document.set("forks", HistoryDocument.forks(judgement.forks()));
        document.set("isolation", PromiseDocument.of(judgement.anomalies()));
        document.set("invariants", PromiseDocument.of(judgement.invariants()));
        if (judgement.verification() == null) {
            document.putNull("verification");
        } else {
            document.set("verification", VerificationDocument.of(judgement.verification()));
        }
        judged(document, judgement);
        ObjectNode environment = document.putObject("environment");
        new TreeMap<>(judgement.environment()).forEach(environment::put);
        return document;
    }

    private static ObjectNode locks(LockQueues locks) {
        ObjectNode node = NODES.objectNode();
        node.put("watched", locks.looks() > 0).put("queueCount", locks.count());
        node.put("longestSeconds", seconds(locks.longestNanos()));
        ArrayNode queues = node.putArray("queues");
        locks.longest()
                .forEach(queue -> queues.addObject()
                        .put("side", word(queue.side()))
                        .put("startSeconds", seconds(queue.startNanos()))
                        .put("endSeconds", seconds(queue.endNanos()))
                        .put("blocker", queue.blocker())
                        .put("blockerState", queue.blockerState())
                        .put("blockerStatement", queue.blockerStatement())
                        .put("first", queue.first())
                        .put("firstStatement", queue.firstStatement())
                        .put("mode", queue.mode())
                        .put("object", queue.object())
                        .put("sessionsMax", queue.sessionsMax())
                        .put("longestSeconds", seconds(queue.longestNanos())));
        return node;
    }

    private static void course(ObjectNode document, Judgement judgement) {
        ArrayNode phases = document.putArray("phases");
        judgement
                .phases()
                .forEach(phase -> phases.addObject()
                        .put("name", phase.name())
                        .put("startSeconds", seconds(phase.startNanos()))
                        .put("endSeconds", seconds(phase.endNanos())));
        ArrayNode steps = document.putArray("steps");
        judgement
                .steps()
                .forEach(step -> steps.addObject()
                        .put("name", step.step())
                        .put("startSeconds", seconds(step.startNanos()))
                        .put("endSeconds", seconds(step.endNanos()))
                        .put("result", word(step.result()))
                        .put("detail", step.detail()));
        ArrayNode faults = document.putArray("faults");
        judgement.faults().forEach(fault -> fault(faults.addObject(), fault));
    }

    private static ObjectNode downtime(Downtime downtime) {
        boolean measured = downtime.probes() > 0;
        ObjectNode node = NODES.objectNode();
        node.put("totalSeconds", measured ? (Double) seconds(downtime.totalNanos()) : null);
        node.put("longestSeconds", measured ? (Double) seconds(downtime.longestNanos()) : null);
        node.put("resolutionSeconds", seconds(downtime.intervalNanos()));
        node.put("toleranceMillis", TimeUnit.NANOSECONDS.toMillis(downtime.toleranceNanos()));
        node.put("doubt", downtime.doubt().isEmpty() ? null : downtime.doubt());
        node.put("windowCount", downtime.windowCount());
        ArrayNode windows = node.putArray("windows");
        downtime.windows()
                .forEach(window -> windows.addObject()
                        .put("startSeconds", seconds(window.startNanos()))
                        .put("endSeconds", seconds(window.endNanos()))
                        .put("seconds", seconds(window.nanos()))
                        .put("returned", window.closed()));
        ArrayNode curve = node.putArray("byTolerance");
        if (measured) {
            downtime.byTolerance().forEach(each -> curve.add(atTolerance(each)));
        }
        node.put("probes", downtime.probes()).put("missingProbes", downtime.missing());
        node.put("jitterP99Seconds", seconds(downtime.jitterP99Nanos()));
        Downtime.Standstill stood = downtime.standstill();
        ObjectNode standstill = node.putObject("instrumentStandstill").put("probes", stood.probes());
        if (stood.probes() > 0) {
            standstill
                    .put("fromSeconds", seconds(stood.firstNanos()))
                    .put("untilSeconds", seconds(stood.lastNanos()))
                    .put("worstSeconds", seconds(stood.worstNanos()));
        }
        node.put("longestStallSeconds", seconds(downtime.stallNanos()));
        Downtime.Causes causes = downtime.notGood();
        node.putObject("notGood")
                .put("failed", causes.failed())
                .put("unknown", causes.unknown())
                .put("wrongSide", causes.wrongSide())
                .put("lost", causes.lost())
                .put("late", causes.late())
                .put("missing", causes.missing());
        node.set("errors", counts(downtime.errors()));
        OutageDocument.measures(node, downtime);
        return node;
    }

    private static ObjectNode atTolerance(Downtime.AtTolerance each) {
        boolean limited = each.toleranceNanos() != Downtime.NO_TOLERANCE_LIMIT;
        Long millis = limited ? (Long) TimeUnit.NANOSECONDS.toMillis(each.toleranceNanos()) : null;
        return NODES.objectNode().put("toleranceMillis", millis).put("seconds", seconds(each.totalNanos()));
    }

    private static ObjectNode workload(Workload workload) {
        ObjectNode node = NODES.objectNode();
        node.put("scheduled", workload.scheduled()).put("acknowledged", workload.acknowledged());
        node.put("failed", workload.failed()).put("unknown", workload.unknown());
        node.set("latencyMillis", latency(workload.all()));
        node.set("writeLatencyMillis", latency(workload.writes()));
        node.set("readLatencyMillis", latency(workload.reads()));
        node.set("errors", counts(workload.errors()));
        ArrayNode kinds = node.putArray("transactions");
        for (Workload.Kind kind : workload.kinds()) {
            ObjectNode byPhase = kinds.addObject()
                    .put("name", kind.name())
                    .put("scheduled", kind.scheduled())
                    .put("acknowledged", kind.acknowledged())
                    .put("failed", kind.failed())
                    .put("unknown", kind.unknown())
                    .putObject("failedByPhase");
            kind.failedByPhase().forEach(byPhase::put);
        }
        return node;
    }

    private static ObjectNode latency(Workload.Latency latency) {
        ObjectNode node = NODES.objectNode();
        boolean measured = latency.count() > 0;
        node.put("p50", measured ? (Double) millis(latency.p50()) : null);
        node.put("p95", measured ? (Double) millis(latency.p95()) : null);
        node.put("p99", measured ? (Double) millis(latency.p99()) : null);
        node.put("p999", measured ? (Double) millis(latency.p999()) : null);
        return node.put("max", measured ? (Double) millis(latency.max()) : null);
    }

    private static ObjectNode history(History history) {
        ObjectNode node = NODES.objectNode();
        node.put("writes", history.writes()).put("lost", history.lost());
        HistoryDocument.losses(node, history.losses());
        node.put("lostUnknown", history.lostUnknown());
        node.put("duplicated", history.duplicated()).put("resurrected", history.resurrected());
        node.put("deletedKeys", history.deletes().keys());
        node.put("resurrectedDeletes", history.deletes().resurrected());
        node.put("unresolved", history.unresolved());
        node.put("resolvedCommitted", history.resolvedCommitted()).put("resolvedAborted", history.resolvedAborted());
        node.put("leaked", history.leaked()).put("staleReads", history.staleReads());
        HistoryDocument.leaks(node.putArray("leaks"), history.leaks());
        node.put("splitBrain", history.splitBrain() != null);
        node.put("doubt", history.reasonToDoubt().orElse(null));
        ArrayNode examples = node.putArray("examples");
        history.stories()
                .forEach(story -> examples.addObject()
                        .put("finding", story.finding())
                        .put("which", story.which())
                        .put("token", story.token())
                        .put("startedSeconds", seconds(story.startedNanos()))
                        .put("text", story.text()));
        return node;
    }

    private static void judged(ObjectNode document, Judgement judgement) {
        ArrayNode expectations = document.putArray("expectations");
        judgement
                .expectations()
                .forEach(each -> expectations
                        .addObject()
                        .put("name", each.name())
                        .put("limit", each.limit())
                        .put("observed", each.observed())
                        .put("verdict", each.verdict().word())
                        .put("reason", each.reason().isEmpty() ? null : each.reason()));
        ArrayNode findings = document.putArray("findings");
        judgement
                .findings()
                .forEach(finding -> findings.addObject()
                        .put("severity", word(finding.severity()))
                        .put("title", finding.title())
                        .put("text", finding.text()));
    }

    private static ObjectNode counts(Map<String, Long> counts) {
        ObjectNode node = NODES.objectNode();
        new TreeMap<>(counts).forEach(node::put);
        return node;
    }

    private static double seconds(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos) / MICROS_PER_SECOND;
    }

    private static double millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos) / MICROS_PER_MILLI;
    }

    private static @Nullable String word(@Nullable Enum<?> value) {
        return value == null ? null : value.name().toLowerCase(Locale.ROOT);
    }

    private static void fault(ObjectNode node, FaultRecord fault) {
        node.put("name", fault.name())
                .put("kind", fault.kind())
                .put("place", fault.place())
                .put("startSeconds", seconds(fault.startNanos()))
                .put("endSeconds", seconds(fault.endNanos()))
                .put("bit", fault.bit())
                .put("evidence", fault.evidence())
                .put("healed", fault.healed());
        edge(node, "began", fault.began());
        edge(node, "ended", fault.ended());
    }

    private static void edge(ObjectNode node, String name, FaultRecord.@Nullable Edge edge) {
        if (edge != null) {
            node.putObject(name)
                    .put("notBeforeSeconds", seconds(edge.requestNanos()))
                    .put("notAfterSeconds", seconds(edge.confirmedNanos()));
        }
    }
}

package org.pgrehearse.reports.render;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.ColumnChanges;
import org.pgrehearse.verifier.Live;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verification;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The document of {@code verify}, in the order that the contract shows. */
final class VerificationDocument {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final double MILLIS_PER_SECOND = TimeUnit.SECONDS.toMillis(1);

    private VerificationDocument() {}

    static ObjectNode of(Verification verification) {
        ObjectNode document = NODES.objectNode();
        document.put("tool", Product.NAME).put("version", Product.VERSION).put("command", "verify");
        document.put("verdict", word(verification.verdict()));
        document.set("source", endpoint(verification.source()));
        document.set("target", endpoint(verification.target()));
        document.put("startedAt", verification.startedAt().toString());
        document.put("elapsedSeconds", verification.elapsed().toMillis() / MILLIS_PER_SECOND);
        document.put("continued", verification.continued());
        Live live = verification.live();
        if (live != null) {
            document.putObject("live")
                    .put("rounds", live.rounds())
                    .put("fromLsn", live.fromLsn())
                    .put("toLsn", live.toLsn())
                    .put("unresolved", live.unresolved());
        }
        ArrayNode tables = document.putArray("tables");
        verification.tables().forEach(table -> tables.add(table(table)));
        ArrayNode sequences = document.putArray("sequences");
        verification.sequences().forEach(sequence -> sequences.add(sequence(sequence)));
        ArrayNode catalog = document.putArray("catalog");
        verification.catalog().forEach(finding -> catalog.add(finding(finding)));
        ArrayNode coverage = document.putArray("coverage");
        verification
                .coverage()
                .forEach(skipped -> coverage.addObject()
                        .put("object", skipped.object())
                        .put("status", word(skipped.status()))
                        .put("reason", skipped.reason()));
        return document;
    }

    private static ObjectNode endpoint(Verification.Endpoint endpoint) {
        return NODES.objectNode()
                .put("url", endpoint.url())
                .put("serverVersion", endpoint.serverVersion())
                .put("snapshotLsn", endpoint.snapshotLsn());
    }

    private static ObjectNode table(TableComparison table) {
        ObjectNode node = NODES.objectNode();
        node.put("source", table.source()).put("target", table.target());
        node.put("verdict", word(table.verdict())).put("digest", table.digest()).put("plan", table.plan());
        node.put("sourceRows", table.sourceRows()).put("targetRows", table.targetRows());
        node.put("missing", table.missing()).put("unexpected", table.unexpected());
        node.put("changed", table.changed()).put("truncated", table.truncated());
        ArrayNode differences = node.putArray("differences");
        table.differences().forEach(difference -> differences.add(difference(difference)));
        node.put("reason", table.reason());
        ArrayNode columns = node.putArray("columns");
        table.columns()
                .forEach(column -> columns.addObject()
                        .put("name", column.column())
                        .put("status", word(column.status()))
                        .put("reason", column.reason()));
        node.set("columnChanges", columnChanges(table.columnChanges()));
        return node;
    }

    private static ObjectNode columnChanges(ColumnChanges changes) {
        ObjectNode node = NODES.objectNode();
        node.put("rows", changes.rows()).put("complete", changes.complete());
        ArrayNode columns = node.putArray("columns");
        changes.columns()
                .forEach(column ->
                        columns.addObject().put("name", column.column()).put("rows", column.rows()));
        return node;
    }

    private static ObjectNode difference(RowDifference difference) {
        ObjectNode node = NODES.objectNode();
        switch (difference) {
            case RowDifference.Missing missing -> node.put("kind", "missing").set("key", cells(missing.key()));
            case RowDifference.Unexpected unexpected ->
                node.put("kind", "unexpected").set("key", cells(unexpected.key()));
            case RowDifference.Changed changed -> {
                node.put("kind", "changed").set("key", cells(changed.key()));
                ArrayNode columns = node.putArray("columns");
                changed.columns().forEach(column -> columns.add(change(column)));
            }
            case RowDifference.Occurrences row -> {
                node.put("kind", row.sourceCount() > row.targetCount() ? "missing" : "unexpected");
                node.putNull("key").set("row", cells(row.row()));
                node.put("sourceCount", row.sourceCount()).put("targetCount", row.targetCount());
            }
        }
        return node;
    }

    private static ObjectNode change(RowDifference.ColumnChange column) {
        ObjectNode node = NODES.objectNode();
        node.put("name", column.name()).put("source", column.source()).put("target", column.target());
        column.nature().ifPresent(nature -> node.put("nature", nature));
        RowDifference.Region region = column.region();
        if (region != null) {
            node.putObject("region")
                    .put("position", region.position())
                    .put("unit", region.unit())
                    .put("sourceLength", region.sourceLength())
                    .put("targetLength", region.targetLength())
                    .put("source", region.source())
                    .put("target", region.target());
        }
        return node;
    }

    private static ObjectNode cells(List<RowDifference.Cell> cells) {
        ObjectNode node = NODES.objectNode();
        cells.forEach(cell -> node.put(cell.column(), cell.value()));
        return node;
    }

    private static ObjectNode sequence(SequenceComparison sequence) {
        ObjectNode node = NODES.objectNode();
        node.put("sequence", sequence.sequence());
        node.put("verdict", word(sequence.verdict())).put("kind", sequence.kind());
        node.put("sourceLast", sequence.sourceLast()).put("targetLast", sequence.targetLast());
        node.put("targetMax", sequence.targetMax()).put("reason", sequence.reason());
        node.put("targetNext", sequence.targetNext()).put("nextExists", sequence.nextExists());
        return node.put("detail", sequence.detail());
    }

    private static ObjectNode finding(CatalogFinding finding) {
        ObjectNode node = NODES.objectNode();
        node.put("object", finding.object());
        node.put("kind", word(finding.kind())).put("severity", word(finding.severity()));
        return node.put("source", finding.source()).put("target", finding.target());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

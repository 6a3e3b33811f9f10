package org.pgrehearse.reports.render;

import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.preflight.Inspection;
import org.pgrehearse.verifier.preflight.Migration;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The document of {@code preflight}. */
final class PreflightDocument {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PreflightDocument() {}

    static ObjectNode of(Inspection inspection) {
        ObjectNode document = NODES.objectNode();
        document.put("tool", Product.NAME).put("version", Product.VERSION).put("command", "preflight");
        document.put("verdict", inspection.word());
        endpoint(document, "source", inspection.source());
        endpoint(document, "target", inspection.target().orElse(null));
        ArrayNode findings = document.putArray("findings");
        for (Inspection.Finding finding : inspection.findings()) {
            ObjectNode node = findings.addObject();
            node.put("check", finding.check()).put("object", finding.object());
            node.put("severity", finding.severity().toString()).put("detail", finding.detail());
            node.put("fix", finding.fix()).put("side", finding.side().toString());
            ArrayNode affects = node.putArray("affects");
            finding.affects().stream().sorted().map(Migration::toString).forEach(affects::add);
        }
        ArrayNode unchecked = document.putArray("unchecked");
        inspection
                .unchecked()
                .forEach(each -> unchecked
                        .addObject()
                        .put("check", each.check())
                        .put("side", each.side().toString())
                        .put("reason", each.reason()));
        return document;
    }

    private static void endpoint(ObjectNode document, String side, Verification.@Nullable Endpoint endpoint) {
        if (endpoint == null) {
            document.putNull(side);
        } else {
            document.putObject(side).put("url", endpoint.url()).put("serverVersion", endpoint.serverVersion());
        }
    }
}

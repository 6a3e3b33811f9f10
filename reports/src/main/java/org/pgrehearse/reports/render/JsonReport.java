package org.pgrehearse.reports.render;

import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.preflight.Inspection;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The JSON documents that the contract describes: pretty, in stable order, ending in a line feed. Thread-safe. */
public final class JsonReport {
    private final ObjectWriter writer = JsonMapper.builder()
            .build()
            .writer()
            .with(new DefaultPrettyPrinter(
                            Separators.createDefaultInstance().withObjectNameValueSpacing(Separators.Spacing.AFTER))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    /** The document of {@code run}. */
    public String of(Judgement judgement) {
        return text(RunDocument.of(judgement));
    }

    /** The document of {@code verify}. */
    public String of(Verification verification) {
        return text(VerificationDocument.of(verification));
    }

    /** The document of {@code preflight}. */
    public String of(Inspection inspection) {
        return text(PreflightDocument.of(inspection));
    }

    private String text(JsonNode node) {
        return writer.writeValueAsString(node) + "\n";
    }
}

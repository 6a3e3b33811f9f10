package org.pgrehearse.cli;

import java.util.List;
import java.util.Locale;
import org.pgrehearse.verifier.compare.TableExplanation;
import org.pgrehearse.verifier.compare.TableExplanation.Estimate;

/** What {@code verify --explain} prints. */
final class Explanations {
    private static final long BYTES_PER_PAGE = 8_192;

    private Explanations() {}

    static String text(List<TableExplanation> tables) {
        StringBuilder text = new StringBuilder();
        for (TableExplanation table : tables) {
            text.append(table.sourceTable()).append(" -> ").append(table.targetTable());
            text.append(": ").append(table.digest()).append(" digest, ").append(table.plan());
            text.append(table.key().isEmpty() ? ", no key" : ", key " + String.join(", ", table.key()));
            if (!table.notCompared().isEmpty()) {
                text.append(", not compared: ").append(String.join(", ", table.notCompared()));
            }
            text.append('\n');
            side(text, "source", table.source());
            side(text, "target", table.target());
        }
        return text.toString();
    }

    private static void side(StringBuilder text, String side, Estimate estimate) {
        if (estimate.sql().isEmpty()) {
            text.append("  ").append(side).append(": has no such table\n");
            return;
        }
        text.append(String.format(
                Locale.ROOT,
                "  %s: about %,d rows, %,.1f MiB to read, cost %,.0f%n",
                side,
                estimate.rows(),
                estimate.pages() * BYTES_PER_PAGE / (1024.0 * 1024.0),
                estimate.cost()));
        text.append("    ").append(estimate.sql()).append('\n');
    }
}

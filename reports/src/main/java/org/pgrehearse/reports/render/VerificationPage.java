package org.pgrehearse.reports.render;

import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.analysis.Words;
import org.pgrehearse.reports.render.page.Page;
import org.pgrehearse.reports.render.page.Tone;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/** The page of a comparison alone. */
final class VerificationPage {
    private VerificationPage() {}

    static Page of(Verification verification, Page.Assets assets) {
        Verdict verdict = verification.verdict();
        String word = verdict.name().toLowerCase(Locale.ROOT);
        return new Page(
                "pgrehearse verify: " + word,
                Grids.tone(verdict),
                Sentences.mark(verdict),
                word,
                "pgrehearse verify",
                capital(Sentences.summary(verification)) + ".",
                List.of(
                        "Source " + endpoint(verification.source()),
                        "Target " + endpoint(verification.target()),
                        "Started " + verification.startedAt(),
                        "Took " + Words.duration(verification.elapsed().toNanos())),
                tiles(verification),
                VerificationSections.of(verification, ""),
                "",
                "Made by " + Product.NAME + " " + Product.VERSION + ".",
                assets);
    }

    private static List<Page.Tile> tiles(Verification verification) {
        long divergent = count(verification, Verdict.DIVERGENT);
        long unread = count(verification, Verdict.INCONCLUSIVE);
        long rows = verification.tables().stream()
                .mapToLong(TableComparison::sourceRows)
                .sum();
        long missing = verification.tables().stream()
                .mapToLong(TableComparison::missing)
                .sum();
        long unexpected = verification.tables().stream()
                .mapToLong(TableComparison::unexpected)
                .sum();
        long changed = verification.tables().stream()
                .mapToLong(TableComparison::changed)
                .sum();
        return List.of(
                new Page.Tile(
                        "Tables",
                        Sentences.number((long) verification.tables().size()),
                        divergent + " divergent, " + unread + " inconclusive",
                        divergent > 0 ? Tone.BAD : unread > 0 ? Tone.DOUBT : Tone.NEUTRAL),
                new Page.Tile("Rows on the source", Sentences.number(rows), "", Tone.NEUTRAL),
                new Page.Tile("Missing", Sentences.number(missing), "not on the target", tone(missing)),
                new Page.Tile("Unexpected", Sentences.number(unexpected), "not on the source", tone(unexpected)),
                new Page.Tile("Changed", Sentences.number(changed), "same key, other values", tone(changed)));
    }

    private static long count(Verification verification, Verdict verdict) {
        return verification.tables().stream()
                .filter(table -> table.verdict() == verdict)
                .count();
    }

    private static Tone tone(long count) {
        return count == 0 ? Tone.NEUTRAL : Tone.BAD;
    }

    private static String endpoint(Verification.Endpoint endpoint) {
        return endpoint.url() + " (PostgreSQL " + endpoint.serverVersion() + ")";
    }

    private static String capital(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }
}

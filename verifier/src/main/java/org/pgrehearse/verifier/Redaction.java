package org.pgrehearse.verifier;

import java.security.SecureRandom;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.HmacAlgorithms;
import org.apache.commons.codec.digest.HmacUtils;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.RowDifference.ColumnChange;
import org.pgrehearse.verifier.RowDifference.Region;

/**
 * Replaces the values of rows in a result by short fingerprints. The same value of the same column has the same
 * fingerprint within one run. Fingerprints are keyed with random bytes that nobody keeps, so that values cannot be
 * guessed by trying them. Names, counts, kinds of differences and sequences' values stay as they are. Safe for use by
 * many threads.
 */
public final class Redaction {
    private static final int KEY_BYTES = 32;
    private static final int FINGERPRINT_DIGITS = 12;
    /** What a server says about a value quotes the value. */
    private static final Pattern DATA_EXCEPTION =
            Pattern.compile("(?s)( on (?:source|target)): .* \\((22[0-9A-Z]{3})\\)");

    private final byte[] key;

    private Redaction(byte[] key) {
        this.key = key.clone();
    }

    /** A redaction for one run, with a key of its own. */
    public static Redaction ofOneRun() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Redaction(key);
    }

    /** The same result without values. */
    public Verification of(Verification verification) {
        return new Verification(
                verification.source(),
                verification.target(),
                verification.startedAt(),
                verification.elapsed(),
                verification.tables().stream().map(this::of).toList(),
                verification.sequences(),
                verification.catalog(),
                verification.coverage(),
                null,
                verification.live());
    }

    private TableComparison of(TableComparison table) {
        return new TableComparison(
                table.source(),
                table.target(),
                table.verdict(),
                table.digest(),
                table.plan(),
                table.sourceRows(),
                table.targetRows(),
                table.missing(),
                table.unexpected(),
                table.changed(),
                table.truncated(),
                table.differences().stream()
                        .map(difference -> of(table.source(), difference))
                        .toList(),
                reason(table.reason()),
                table.columns(),
                table.columnChanges());
    }

    private RowDifference of(String table, RowDifference difference) {
        return switch (difference) {
            case RowDifference.Missing missing -> new RowDifference.Missing(cells(table, missing.key()));
            case RowDifference.Unexpected unexpected -> new RowDifference.Unexpected(cells(table, unexpected.key()));
            case RowDifference.Changed changed ->
                new RowDifference.Changed(
                        cells(table, changed.key()),
                        changed.columns().stream()
                                .map(column -> of(table, column))
                                .toList());
            case RowDifference.Occurrences row ->
                new RowDifference.Occurrences(cells(table, row.row()), row.sourceCount(), row.targetCount());
        };
    }

    private List<Cell> cells(String table, List<Cell> cells) {
        return cells.stream()
                .map(cell -> new Cell(cell.column(), fingerprint(table, cell.column(), cell.value())))
                .toList();
    }

    private ColumnChange of(String table, ColumnChange change) {
        Region region = change.region();
        return new ColumnChange(
                change.name(),
                fingerprint(table, change.name(), change.source()),
                fingerprint(table, change.name(), change.target()),
                change.likeness(),
                region == null
                        ? null
                        : new Region(
                                region.position(),
                                region.unit(),
                                region.sourceLength(),
                                region.targetLength(),
                                String.valueOf(fingerprint(table, change.name(), region.source())),
                                String.valueOf(fingerprint(table, change.name(), region.target()))));
    }

    private @Nullable String fingerprint(String table, String column, @Nullable String value) {
        if (value == null) {
            return null;
        }
        HmacUtils hmac = new HmacUtils(HmacAlgorithms.HMAC_SHA_256, key);
        String digits = hmac.hmacHex(table + "\0" + column + "\0" + value);
        return "#" + digits.substring(0, FINGERPRINT_DIGITS);
    }

    private static @Nullable String reason(@Nullable String reason) {
        return reason == null ? null : DATA_EXCEPTION.matcher(reason).replaceAll("$1: a value could not be used ($2)");
    }
}

package org.pgrehearse.verifier;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of comparing two databases. Immutable.
 *
 * @param tables one entry for each table that either side holds and the selection names
 * @param coverage what was not verified and why
 * @param continued what was taken over from an earlier start of the same comparison, and which losses of a server it
 *     went on after; null when neither
 * @param live how the comparison of a source that is written went; null when nothing was to be written
 */
public record Verification(
        Endpoint source,
        Endpoint target,
        Instant startedAt,
        Duration elapsed,
        List<TableComparison> tables,
        List<SequenceComparison> sequences,
        List<CatalogFinding> catalog,
        List<Skipped> coverage,
        @Nullable String continued,
        @Nullable Live live) {

    /** A result that rests on one start only. */
    public Verification(
            Endpoint source,
            Endpoint target,
            Instant startedAt,
            Duration elapsed,
            List<TableComparison> tables,
            List<SequenceComparison> sequences,
            List<CatalogFinding> catalog,
            List<Skipped> coverage) {
        this(source, target, startedAt, elapsed, tables, sequences, catalog, coverage, null, null);
    }

    /** A result of databases that nobody writes. */
    public Verification(
            Endpoint source,
            Endpoint target,
            Instant startedAt,
            Duration elapsed,
            List<TableComparison> tables,
            List<SequenceComparison> sequences,
            List<CatalogFinding> catalog,
            List<Skipped> coverage,
            @Nullable String continued) {
        this(source, target, startedAt, elapsed, tables, sequences, catalog, coverage, continued, null);
    }

    public Verification {
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
        catalog = List.copyOf(catalog);
        coverage = List.copyOf(coverage);
    }

    /** The same with one more sentence under {@link #continued}; the very same when the sentence is empty. */
    public Verification noting(String sentence) {
        return sentence.isEmpty()
                ? this
                : new Verification(
                        source,
                        target,
                        startedAt,
                        elapsed,
                        tables,
                        sequences,
                        catalog,
                        coverage,
                        continued == null ? sentence : sentence + " " + continued,
                        live);
    }

    /** The verdict of all parts together; inconclusive when no table was compared at all. */
    public Verdict verdict() {
        Verdict nothingSkipped = doubts().isEmpty() && !tables.isEmpty() ? Verdict.CONSISTENT : Verdict.INCONCLUSIVE;
        Verdict ofTables = tables.stream().map(TableComparison::verdict).reduce(nothingSkipped, Verdict::and);
        Verdict ofSequences =
                sequences.stream().map(SequenceComparison::verdict).reduce(ofTables, Verdict::and);
        return catalog.stream().map(CatalogFinding::verdict).reduce(ofSequences, Verdict::and);
    }

    /** What was to be verified and was not. */
    public List<Skipped> doubts() {
        return coverage.stream()
                .filter(skipped -> skipped.status() == Skipped.Status.SKIPPED)
                .toList();
    }

    /**
     * A server as a reader may see it.
     *
     * @param url a {@code postgresql://} URL without user or password
     * @param serverVersion as {@code server_version} says it
     * @param snapshotLsn a position in the write-ahead log at or shortly after the moment that was compared: everything
     *     seen was written before it; null when somebody else took the snapshot
     */
    public record Endpoint(
            String url, String serverVersion, @Nullable String snapshotLsn) {
        /** A server whose snapshot's position is not known. */
        public Endpoint(String url, String serverVersion) {
            this(url, serverVersion, null);
        }
    }

    /**
     * Something that was not verified, and why.
     *
     * @param object kind and qualified name, such as {@code column public.orders.note}
     */
    public record Skipped(String object, Status status, String reason) {
        /** Whether it leaves a doubt. */
        public enum Status {
            /** It was to be verified and was not: the verdict is inconclusive at best. */
            SKIPPED,
            /** It was not to be verified, by the user's will or because nothing of its own is stored in it. */
            EXCLUDED
        }

        /** Something that leaves a doubt. */
        public Skipped(String object, String reason) {
            this(object, Status.SKIPPED, reason);
        }
    }
}

package org.pgrehearse.verifier.compare;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.chunk.Pace;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.snapshot.Timeouts;

/**
 * What to compare and how.
 *
 * @param sourceSnapshot id of a snapshot of the source that the caller exported and keeps; null to take a new one
 * @param targetSnapshot the same for the target
 * @param jobs connections per side at most
 * @param maxDifferences differences listed per table at most; all are counted
 * @param resume where to keep what is finished, and to continue from if it holds something; null to keep nothing
 */
public record VerifyOptions(
        ConnectionSource source,
        ConnectionSource target,
        @Nullable String sourceSnapshot,
        @Nullable String targetSnapshot,
        Selection selection,
        DigestKind digest,
        int jobs,
        int maxDifferences,
        Timeouts timeouts,
        Pace pace,
        @Nullable Path resume) {
    private static final int JOBS_DEFAULT = 4;
    private static final int JOBS_MAX = 256;
    private static final int DIFFERENCES_DEFAULT = 100;
    private static final int DIFFERENCES_MAX = 100_000;

    public VerifyOptions {
        if (jobs < 1 || jobs > JOBS_MAX) {
            throw new InvalidInputException(
                    "Cannot use " + jobs + " jobs: it is not between 1 and " + JOBS_MAX + ". Write such a number.");
        }
        if (maxDifferences < 0 || maxDifferences > DIFFERENCES_MAX) {
            throw new InvalidInputException("Cannot list " + maxDifferences
                    + " differences per table: it is not between 0 and " + DIFFERENCES_MAX + ". Write such a number.");
        }
    }

    /** All tables, exactly, with four connections a side. */
    public static VerifyOptions of(ConnectionSource source, ConnectionSource target) {
        return new VerifyOptions(
                source,
                target,
                null,
                null,
                Selection.everything(),
                DigestKind.EXACT,
                JOBS_DEFAULT,
                DIFFERENCES_DEFAULT,
                Timeouts.defaults(),
                Pace.defaults(),
                null);
    }

    /** The same for other tables. */
    public VerifyOptions withSelection(Selection other) {
        return new VerifyOptions(
                source,
                target,
                sourceSnapshot,
                targetSnapshot,
                other,
                digest,
                jobs,
                maxDifferences,
                timeouts,
                pace,
                resume);
    }

    /** The same with another meaning of "the same". */
    public VerifyOptions withDigest(DigestKind other) {
        return new VerifyOptions(
                source,
                target,
                sourceSnapshot,
                targetSnapshot,
                selection,
                other,
                jobs,
                maxDifferences,
                timeouts,
                pace,
                resume);
    }

    /** The same with so many connections per side. */
    public VerifyOptions withJobs(int number) {
        return new VerifyOptions(
                source,
                target,
                sourceSnapshot,
                targetSnapshot,
                selection,
                digest,
                number,
                maxDifferences,
                timeouts,
                pace,
                resume);
    }

    /** The same with so many differences listed per table. */
    public VerifyOptions withMaxDifferences(int number) {
        return new VerifyOptions(
                source,
                target,
                sourceSnapshot,
                targetSnapshot,
                selection,
                digest,
                jobs,
                number,
                timeouts,
                pace,
                resume);
    }

    /** The same with other timeouts. */
    public VerifyOptions withTimeouts(Timeouts others) {
        return new VerifyOptions(
                source,
                target,
                sourceSnapshot,
                targetSnapshot,
                selection,
                digest,
                jobs,
                maxDifferences,
                others,
                pace,
                resume);
    }

    /** The same at another pace. */
    public VerifyOptions withPace(Pace other) {
        return new VerifyOptions(
                source,
                target,
                sourceSnapshot,
                targetSnapshot,
                selection,
                digest,
                jobs,
                maxDifferences,
                timeouts,
                other,
                resume);
    }

    /** The same, kept in a file and continued from it; null to keep nothing. */
    public VerifyOptions withResume(@Nullable Path file) {
        return new VerifyOptions(
                source,
                target,
                sourceSnapshot,
                targetSnapshot,
                selection,
                digest,
                jobs,
                maxDifferences,
                timeouts,
                pace,
                file);
    }

    /** The same as seen by snapshots that the caller exported and keeps; null to take a new one on that side. */
    public VerifyOptions withSnapshots(@Nullable String ofSource, @Nullable String ofTarget) {
        return new VerifyOptions(
                source, target, ofSource, ofTarget, selection, digest, jobs, maxDifferences, timeouts, pace, resume);
    }
}

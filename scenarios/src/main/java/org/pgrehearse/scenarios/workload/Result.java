package org.pgrehearse.scenarios.workload;

import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Outcome;

/**
 * How one operation ended, as its client knows it.
 *
 * @param endedNanos when that was known, on the run's clock
 * @param witness what the server said before; null when it said nothing
 * @param sqlState of the failure; null when there was none
 * @param message of the failure; null when there was none
 */
record Result(
        Outcome outcome,
        long endedNanos,
        @Nullable Witness witness,
        @Nullable String sqlState,
        @Nullable String message) {
    static Result acknowledged(long endedNanos, Witness witness) {
        return new Result(Outcome.ACKNOWLEDGED, endedNanos, witness, null, null);
    }

    static Result concluded(long endedNanos, Conclusion conclusion, @Nullable Witness witness) {
        return new Result(conclusion.outcome(), endedNanos, witness, conclusion.sqlState(), conclusion.message());
    }

    /** Certainly not done, because nothing was sent. */
    static Result notSent(long endedNanos, String message) {
        return new Result(Outcome.FAILED, endedNanos, null, null, message);
    }

    /** The same, not certain: an earlier try of it may have been done. */
    Result inDoubt() {
        return new Result(Outcome.UNKNOWN, endedNanos, witness, sqlState, message);
    }

    static Result unknown(long endedNanos, @Nullable Witness witness, String message) {
        return new Result(Outcome.UNKNOWN, endedNanos, witness, null, message);
    }
}

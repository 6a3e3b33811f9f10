package org.pgrehearse.reports.analysis;

import java.util.Locale;

/** What a rehearsal established. Doubt is {@link #INCONCLUSIVE}, never {@link #PASSED}. */
public enum RunVerdict {
    /** Every expectation held, and everything needed to say so was measured. */
    PASSED(0),
    /** Something needed for a judgement is missing, and nothing that was measured failed. */
    INCONCLUSIVE(2),
    /** At least one expectation is refuted, or the rehearsal itself failed. */
    FAILED(1);

    private final int exitCode;

    RunVerdict(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The verdict of two parts together: failed over inconclusive over passed. */
    public RunVerdict and(RunVerdict other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The exit code of a command that ends with this verdict. */
    public int exitCode() {
        return exitCode;
    }

    /** The word users read, such as {@code passed}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

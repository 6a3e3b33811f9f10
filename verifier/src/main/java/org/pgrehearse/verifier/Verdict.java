package org.pgrehearse.verifier;

/** What a comparison established. Unfinished work is {@link #INCONCLUSIVE}, never {@link #CONSISTENT}. */
public enum Verdict {
    /** Everything was compared and nothing differs. */
    CONSISTENT(0),
    /** Something was not compared, and nothing that was compared differs. */
    INCONCLUSIVE(2),
    /** At least one difference is proven. */
    DIVERGENT(1);

    private final int exitCode;

    Verdict(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The verdict of two parts together: divergent over inconclusive over consistent. */
    public Verdict and(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The exit code of a command that ends with this verdict. */
    public int exitCode() {
        return exitCode;
    }
}

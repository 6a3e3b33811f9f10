package org.pgrehearse.cli;

/** The exit codes that scripts rely on. 130 and 143 come from the JVM itself after a signal. */
final class ExitCode {
    static final int PROVEN = 0;
    static final int REFUTED = 1;
    static final int INCONCLUSIVE = 2;
    static final int USAGE = 64;
    static final int BUG = 70;

    private ExitCode() {}
}

package org.pgrehearse.bench.peers;

import java.util.Optional;

/**
 * A program that ended.
 *
 * @param exitCode its own, or {@link #GAVE_UP}
 * @param usage empty when it could not be measured
 */
record Finished(int exitCode, String output, String errors, Optional<Usage> usage) {
    /** The exit code of a program that was stopped because it took too long. */
    static final int GAVE_UP = -1;

    private static final int ERROR_CHARACTERS_MAX = 160;

    boolean succeeded() {
        return exitCode == 0;
    }

    /** Why it failed, in one line that fits a cell of a table. */
    String complaint() {
        if (exitCode == GAVE_UP) {
            return "stopped at the deadline";
        }
        String last = errors.lines().filter(line -> !line.isBlank()).reduce("", (first, second) -> second);
        String shortened = last.length() > ERROR_CHARACTERS_MAX ? last.substring(0, ERROR_CHARACTERS_MAX) + "…" : last;
        return "exit code " + exitCode + (shortened.isEmpty() ? "" : ", " + shortened.replace('|', '/'));
    }
}

package org.pgrehearse.cli;

/** Whether somebody watches: the launcher knows, a JVM does not. */
final class Terminal {
    private Terminal() {}

    static boolean isPresent() {
        return Boolean.getBoolean("pgrehearse.terminal") && System.getenv("CI") == null;
    }
}

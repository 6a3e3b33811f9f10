package org.pgrehearse.chaos.wire;

/** Counts the changes of the transactions that pgoutput sends, versions 1 to 4. For one thread at a time. */
final class ReplicatedChanges {
    /** No number of changes. */
    static final int NONE = -1;

    private boolean inside;
    private boolean fresh;
    private int changes;

    /**
     * How many changes of its transaction went before this message; {@link #NONE} when it is in none, or when another
     * message came in between.
     *
     * @param type the first byte of what the plugin wrote
     */
    int before(byte type) {
        int before = inside && fresh ? changes : NONE;
        fresh = false;
        switch (type) {
            // Begin, begin of a prepared one, start of a streamed block.
            case 'B', 'b', 'S' -> {
                inside = true;
                fresh = true;
                changes = 0;
            }
            case 'I', 'U', 'D', 'T' -> {
                changes++;
                fresh = true;
            }
            // Commit, prepare, end of a streamed block, and what comes outside of blocks.
            case 'C', 'P', 'E', 'c', 'A', 'K', 'r', 'p' -> inside = false;
            default -> {}
        }
        return before;
    }
}

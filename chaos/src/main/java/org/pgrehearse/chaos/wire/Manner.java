package org.pgrehearse.chaos.wire;

/** How a connection is cut. */
public enum Manner {
    /** Both peers read the end of the stream. */
    CLOSE,
    /** Both peers read "connection reset". */
    RESET,
    /** Nothing passes any more; the connection is closed when the fault heals. */
    SILENCE;

    /** The action that cuts like this. */
    public Action action() {
        return switch (this) {
            case CLOSE -> new Action.Close();
            case RESET -> new Action.Reset();
            case SILENCE -> new Action.Blackhole();
        };
    }
}

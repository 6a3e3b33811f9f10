package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.util.Optional;

/** How one fault of a server is brought about. All methods end within a bound. */
public interface Harm {
    /** Brings the fault about and reads back that it is there. After a failure {@link #heal} undoes what was done. */
    void inject() throws IOException;

    /** What shows that it took effect since it was injected; empty when nothing does yet, or nobody can tell. */
    Optional<String> evidence();

    /** Stops doing it, undoes what can be undone, and reads that back. May be called again after a failure. */
    void heal() throws IOException;

    /** What healing could not undo, as one sentence; known once it healed. */
    default Optional<String> damage() {
        return Optional.empty();
    }
}

package org.pgrehearse.chaos;

import java.io.IOException;
import java.util.Optional;

/** How one fault is brought about. All methods end within a bound. */
interface Injection {
    /** Brings the fault about and reads back that it is there. After a failure {@link #heal} undoes what was done. */
    void inject() throws IOException;

    /** What shows that it took effect since it was injected; empty when nothing does yet. */
    Optional<String> evidence();

    /** What it could not have acted on, because nobody can read it; empty when there was nothing of the kind. */
    default Optional<String> unseen() {
        return Optional.empty();
    }

    /** Takes the fault away and reads back that it is gone. May be called again after a failure. */
    void heal() throws IOException;

    /** What healing could not undo; known once it healed. */
    default Optional<String> damage() {
        return Optional.empty();
    }
}

package org.pgrehearse.chaos;

import java.time.Duration;
import java.util.Optional;

/** An injected fault; closing it heals. Safe for use by many threads. */
public interface Healing extends AutoCloseable {
    /** The fault. */
    Fault fault();

    /** When it was injected. */
    Asked asked();

    /** Whether it was seen to bite until now; once it was, the first sight stays. */
    Optional<Bite> bite();

    /** Waits until it bites; empty when it did not within this time. */
    Optional<Bite> awaitBite(Duration atMost) throws InterruptedException;

    /**
     * What the fault could not act on although it was meant to, such as encrypted connections for a fault that follows
     * the protocol; empty when there was nothing of the kind.
     */
    default Optional<String> unseen() {
        return Optional.empty();
    }

    /** When it was healed; empty while it is not. */
    Optional<Asked> healed();

    /**
     * What healing could not undo, as one sentence, such as a dropped slot; empty when nothing, and while it is not
     * healed. To heal means to stop doing harm and to undo what can be undone; a fault whose damage is permanent by its
     * nature heals as well, and says so here.
     */
    default Optional<String> damage() {
        return Optional.empty();
    }

    /** Heals within a bound and reads the state back. Closing again does nothing once it has healed. */
    @Override
    void close() throws CannotHeal;
}

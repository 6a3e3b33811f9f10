package org.pgrehearse.scenarios.environment;

import java.util.Optional;
import org.pgrehearse.chaos.server.ServerControl;

/** A server of a run's environment, with what may be done to it there beyond talking to it. Thread-safe. */
public interface RunServer extends Server {
    /** How faults reach it: what is empty there cannot be harmed. */
    ServerControl control();

    /** The machine under it; empty when that is not ours to stop or to empty. */
    default Optional<Premises> premises() {
        return Optional.empty();
    }

    /** False once it is known that the server is gone; who cannot know says true. */
    default boolean isAlive() {
        return true;
    }
}

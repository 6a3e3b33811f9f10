package org.pgrehearse.chaos.server;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** What an environment lets us do with a server that it runs. */
public interface ProcessControl extends ServerControl {
    /** The process id of the server's first process, of which all others descend. */
    long pid() throws IOException;

    /** Starts the server again after a kill or a stop; returns once it accepts connections, or fails within a bound. */
    void restart() throws IOException;

    /**
     * Starts the server again with further environment variables, for this one start. Environments that cannot do that
     * refuse.
     */
    default void restart(Map<String, String> variables) throws IOException {
        throw new IOException("server \"" + name() + "\" cannot be started with variables of its own, such as "
                + variables.keySet().stream().findFirst().orElse("LD_PRELOAD")
                + ". Use an environment that starts its servers itself.");
    }

    @Override
    default Optional<ProcessControl> processes() {
        return Optional.of(this);
    }
}

package org.pgrehearse.chaos.server;

import java.io.IOException;

/** What an environment lets us do with a server that it runs. */
public interface ProcessControl {
    /** The server's name, as faults name it. */
    String name();

    /** The process id of the server's first process, of which all others descend. */
    long pid() throws IOException;

    /** Starts the server again after a kill; returns once it accepts connections, or fails within its own bound. */
    void restart() throws IOException;
}

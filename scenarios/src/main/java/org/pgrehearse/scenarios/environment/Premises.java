package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The machine under a server that is ours to stop and to refill. Failures are {@link EnvironmentException}s. */
public interface Premises {
    /** The data folder, as this process reaches it. */
    Path data();

    /** Stops the server at once, as a crash would; returns when it is gone. */
    void stopNow();

    /**
     * Starts on a data folder that somebody else has filled, as this server and no other: on its port and under its
     * name, whatever the folder's configuration says.
     *
     * @param settings PostgreSQL's own, on top of the server's usual ones, until the next such start
     */
    void startOnReplacedData(Map<String, String> settings);

    /** A folder for files of the run that the server's account may read and write; it goes with the run. */
    Path folder(String name) throws IOException;
}

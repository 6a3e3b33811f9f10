package org.pgrehearse.scenarios.migration;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** The machine under a server, for steps that stop the server or replace its files. */
public interface Host {
    /** The server's data folder. */
    Path data();

    /** Stops the server at once, and takes its absence for no accident until it is started again. */
    void stop() throws StepFailed;

    /** Empties the data folder of a server that was stopped, and keeps what was in it. */
    void setDataAside() throws IOException;

    /** Stops the server and starts it on what was set aside. */
    void bringDataBack() throws IOException, StepFailed;

    /**
     * Starts the server on what its data folder holds now, on its own port and under its own name.
     *
     * @param settings PostgreSQL's own, on top of the server's usual ones
     * @throws StepFailed when it does not start, with the end of its log
     */
    void start(Map<String, String> settings) throws StepFailed;

    /** A folder for files of the run that the server's account may read and write; it goes with the run. */
    Path folder(String name) throws IOException;
}

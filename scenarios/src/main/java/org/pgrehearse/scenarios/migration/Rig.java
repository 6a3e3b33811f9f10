package org.pgrehearse.scenarios.migration;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;

/** What a step of a runbook works with: the servers, the users' traffic, and the instruments. */
public interface Rig {
    /** The source, reached directly. */
    Server source();

    /** The target, reached directly. */
    Server target();

    /** How the target reaches the source for replication, through the fault proxy, as a libpq conninfo string. */
    String replicationConninfo();

    /** Role that replication logs in as; a fence leaves it alone. */
    String replicationRole();

    /** Qualified names of the tables to move. */
    List<String> tables();

    /** Creates the data set's empty schema on a side. */
    void createSchema(Side side) throws SQLException;

    /** Where users' reads and writes go. */
    Traffic traffic();

    /** Keeps what the target holds at this moment, so that it can be compared while users go on writing there. */
    void holdTargetSnapshot() throws SQLException;

    /** Compares both sides, the target as it was when its snapshot was held, and records the result. */
    void verify() throws StepFailed, InterruptedException;

    /** Where everything is recorded. */
    Recorder recorder();

    /**
     * Called at every turn of a wait.
     *
     * @throws ServerGone when a server has died
     * @throws InterruptedException when a signal asks the run to end
     */
    void checkpoint() throws InterruptedException;

    /** Whether a signal asks the run to end; an interrupt is meant for the step under way otherwise. */
    default boolean isStopping() {
        return false;
    }

    /** Where the user's own programs start, and where what they write is kept. */
    default Places places() {
        throw new IllegalStateException("this rig has no place for programs");
    }

    /**
     * Two folders of a run.
     *
     * @param start where programs start and relative paths lead from: the scenario file's folder
     * @param outputs takes what programs write
     */
    record Places(Path start, Path outputs) {}

    /** The users' traffic, as a runbook steers it. */
    interface Traffic {
        /** Tells every application instance to hold its writes; an instance may hear of it late. */
        void pauseWrites();

        /** Tells every application instance to write again. */
        void resumeWrites();

        /** Sends every application instance to a side; an instance may hear of it late. */
        void switchTo(Side side);
    }
}

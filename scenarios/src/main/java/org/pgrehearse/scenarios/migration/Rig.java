package org.pgrehearse.scenarios.migration;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.Server;

/** What a step of a runbook works with: the servers, the users' traffic, and the instruments. */
public interface Rig {
    /** The source, reached directly. */
    Server source();

    /** The target, reached directly. */
    Server target();

    /** Whether there is a target; steps that ask for it are refused before a run where there is none. */
    default boolean hasTarget() {
        return true;
    }

    /** The server of a side, reached directly. */
    default Server server(Side side) {
        return switch (side) {
            case SOURCE -> source();
            case TARGET -> target();
        };
    }

    /** How the target reaches the source for replication, through the fault proxy, as a libpq conninfo string. */
    String replicationConninfo();

    /** The same in either direction: how the other side reaches the one that sends. */
    default String replicationConninfo(Side sender) throws StepFailed {
        return switch (sender) {
            case SOURCE -> replicationConninfo();
            case TARGET -> throw new StepFailed("Cannot replicate from the target: nothing leads the source there.");
        };
    }

    /** The same with the password that the sender asks for, which no record, report or argument list may hold. */
    default String replicationConninfoWithSecret(Side sender) throws StepFailed {
        return replicationConninfo(sender);
    }

    /** How a side is reached directly by the instrument's own superuser, as a libpq conninfo string. */
    default String adminConninfo(Side side) throws StepFailed {
        throw new StepFailed("Cannot lead a program to the " + side.name().toLowerCase(Locale.ROOT)
                + ": this environment has no address for it.");
    }

    /**
     * Where programs of the runbook reach a server: directly, or through the fault proxy of a scenario that has a fault
     * there.
     */
    default Address programsReach(Side side) {
        return new Address(server(side).host(), server(side).port());
    }

    /** A host and a port. */
    record Address(String host, int port) {}

    /** The client programs of this machine. */
    default ClientPrograms clients() {
        return ClientPrograms.detect(System.getenv(), Path.of("/"));
    }

    /** The machine under a server; a {@link StepFailed} where the environment does not own it. */
    default Host host(Side side) throws StepFailed {
        throw new StepFailed("Cannot stop the " + side.name().toLowerCase(Locale.ROOT)
                + " or replace its files: this environment does not own it. Use the embedded environment.");
    }

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

    /** Keeps what a side holds at this moment, instead of any earlier one of that side. */
    default void holdSnapshot(Side side) throws SQLException {
        if (side == Side.SOURCE) {
            throw new SQLException("Cannot hold a snapshot of the source in this environment.");
        }
        holdTargetSnapshot();
    }

    /** Forgets what was kept of either side. */
    default void releaseSnapshots() throws SQLException {}

    /** Compares both sides, each as it was when its snapshot was held and else as it is, and records the result. */
    void verify() throws StepFailed, InterruptedException;

    /** The same with the roles exchanged, after the application went back: the target is what the source must equal. */
    default void verifyBack() throws StepFailed, InterruptedException {
        throw new StepFailed("Cannot compare after a way back in this environment.");
    }

    /** The pooler in front of the application. */
    default Pooler pooler() throws StepFailed {
        throw new StepFailed("Cannot use a pooler: this scenario has none. Write environment: {pooler: pgbouncer}, or a"
                + " command of your own.");
    }

    /** Where everything is recorded. */
    Recorder recorder();

    /**
     * Called at every turn of a wait.
     *
     * @throws ServerGone when a server has died
     * @throws InterruptedException when a signal asks the run to end
     */
    void checkpoint() throws InterruptedException;

    /** Keeps what the step sees at the moment, which is told when it is ended from outside; empty for nothing. */
    default void saw(String what) {}

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

package org.pgrehearse.scenarios.migration;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Daemons;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Server;

/**
 * The program bucardo of one run. It and its daemons work in a folder of the run, which holds its configuration,
 * process ids and reasons, and which goes with the run; its log is kept with the results.
 */
final class BucardoPrograms {
    static final String PROGRAM = "bucardo";
    /** The control database, and the role that owns it, both on the target. */
    static final String CONTROL = "bucardo";

    private static final String CONFIGURATION = "bucardorc";
    private static final Duration COMMAND_MAX = Duration.ofSeconds(60);
    private static final Duration END_MAX = Duration.ofSeconds(20);

    private final Rig rig;
    private final Path folder;

    private BucardoPrograms(Rig rig, Path folder) {
        this.rig = rig;
        this.folder = folder;
    }

    static BucardoPrograms of(Rig rig) throws StepFailed {
        try {
            return new BucardoPrograms(rig, rig.host(Side.TARGET).folder(PROGRAM));
        } catch (IOException e) {
            throw new StepFailed("Cannot make a folder for Bucardo: " + e.getMessage() + ". Free some space.", e);
        }
    }

    /** Creates the control database, and has everything that Bucardo writes go into the run's own folders. */
    void install() throws StepFailed, InterruptedException {
        if (!Daemons.visible()) {
            throw new StepFailed("Cannot run Bucardo on this system: without /proc nobody can tell its daemons from"
                    + " those of others, to end them. Use Linux.");
        }
        Server target = rig.target();
        write("");
        List<String> where = List.of("--dbhost=" + target.host(), "--dbport=" + target.port());
        List<String> install = new ArrayList<>(List.of("install", "--batch", "--piddir=" + folder));
        install.addAll(where);
        install.addAll(List.of("--dbuser=" + target.adminRole(), "--dbname=postgres"));
        run(COMMAND_MAX, install.toArray(String[]::new));
        write("dbhost=" + target.host() + "\ndbport=" + target.port() + "\ndbuser=" + CONTROL + "\ndbname=" + CONTROL
                + "\n");
        run(
                COMMAND_MAX,
                "set",
                "piddir=" + folder,
                "reason_file=" + folder.resolve("reason"),
                "warning_file=" + folder.resolve("warning"),
                "log_conflict_file=" + folder.resolve("conflicts"));
    }

    private void write(String configuration) throws StepFailed {
        try {
            Files.writeString(folder.resolve(CONFIGURATION), configuration);
        } catch (IOException e) {
            throw new StepFailed("Cannot write Bucardo's configuration: " + e.getMessage() + ". Free some space.", e);
        }
    }

    /** Names a database to it, by a libpq conninfo string. */
    void addDatabase(String name, String conninfo) throws StepFailed, InterruptedException {
        Map<String, String> parts = Arrays.stream(conninfo.split(" ", -1))
                .map(part -> part.split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part[1]));
        run(
                COMMAND_MAX,
                "add",
                "db",
                name,
                "dbname=" + parts.get("dbname"),
                "host=" + parts.get("host"),
                "port=" + parts.get("port"),
                "user=" + parts.get("user"));
    }

    /** Runs one of its commands, which must succeed. */
    void run(Duration deadline, String... command) throws StepFailed, InterruptedException {
        programs(deadline).require(List.of(line(command)));
    }

    /** Runs one of its commands, whatever it says. */
    Programs.Result attempt(Duration deadline, String... command) throws StepFailed, InterruptedException {
        return programs(deadline).pipe(List.of(line(command)));
    }

    /** Starts its daemons. */
    void start() throws StepFailed, InterruptedException {
        try {
            Files.createDirectories(rig.places().outputs());
        } catch (IOException e) {
            throw new StepFailed("Cannot make a folder for Bucardo's log: " + e.getMessage() + ". Free some space.", e);
        }
        run(COMMAND_MAX, "start", "--log-destination=" + rig.places().outputs().toAbsolutePath());
    }

    /** Whether none of its daemons runs. */
    boolean stopped() {
        return Daemons.gone(folder);
    }

    /** Asks its daemons to stop, and ends those that have not after 20 seconds. */
    String stop() throws SQLException, StepFailed, InterruptedException {
        attempt(COMMAND_MAX, "stop", "the runbook says so");
        long start = System.nanoTime();
        while (!stopped()) {
            rig.checkpoint();
            if (System.nanoTime() - start > END_MAX.toNanos()) {
                end();
                return "its daemons did not stop within " + END_MAX.toSeconds() + " s, and were ended";
            }
            Waiting.pause(rig, Duration.ofMillis(100));
        }
        return "none of its daemons runs";
    }

    /** Ends its daemons at once; fails as ways back do. */
    void end() throws SQLException {
        try {
            Daemons.end(folder);
        } catch (EnvironmentException e) {
            throw new SQLException(String.valueOf(e.getMessage()), e);
        }
    }

    private Programs programs(Duration deadline) {
        return new Programs(rig, deadline, Map.of(), folder);
    }

    private List<String> line(String... command) {
        List<String> line = new ArrayList<>(List.of(
                rig.clients().other(PROGRAM, PROGRAM).toString(), "--bucardorc=" + folder.resolve(CONFIGURATION)));
        line.addAll(List.of(command));
        return line;
    }
}

package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.pgrehearse.reports.journal.Side;

/** A rehearsal that starts its servers, says so, and waits: for its input's end, or to be killed. */
final class HelperRun {
    private static final long DISK_BYTES = 512L << 20;

    private HelperRun() {}

    /** Arguments: the folder of jars, the folder for logs. The cache comes from the environment. */
    public static void main(String[] arguments) throws IOException, SQLException {
        Machine machine = Machine.detect();
        PostgresBinaries binaries = PostgresBinaries.of(List.of(Path.of(arguments[0])), machine.cache(), line -> {});
        EmbeddedPlan usual = EmbeddedPlan.of(15, 17).withFsync(false);
        // Root can mount, so then there is a file system to take away as well.
        EmbeddedPlan plan =
                "root".equals(System.getProperty("user.name")) ? usual.withDisk(Side.SOURCE, DISK_BYTES) : usual;
        try (EmbeddedEnvironment environment =
                EmbeddedEnvironment.start(plan, Path.of(arguments[1]), machine, binaries, line -> {})) {
            System.out.println(environment.source().pid() + " "
                    + environment.target().pid() + " "
                    + environment.source().data() + " "
                    + TestEnvironments.query(environment.target(), "SELECT current_user"));
            int end = System.in.read();
            System.out.println("closing " + end);
        }
    }
}

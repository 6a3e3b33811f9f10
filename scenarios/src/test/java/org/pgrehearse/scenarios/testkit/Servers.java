package org.pgrehearse.scenarios.testkit;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.PostgresBinaries;

/** Starts the two servers that come with the build. */
public final class Servers {
    private Servers() {}

    /** PostgreSQL 15 as the source and 17 as the target, without durability, for the caller to close. */
    public static EmbeddedEnvironment start(Path logs) {
        Machine machine = Machine.detect();
        return EmbeddedEnvironment.start(
                EmbeddedPlan.of(15, 17).withFsync(false), logs, machine, binaries(machine), line -> {});
    }

    /** The programs that the build put beside the tests. */
    public static PostgresBinaries binaries(Machine machine) {
        String jars = Objects.requireNonNull(System.getProperty("pgrehearse.postgres.jars"), "run through Maven");
        return PostgresBinaries.of(List.of(Path.of(jars)), machine.cache(), line -> {});
    }
}

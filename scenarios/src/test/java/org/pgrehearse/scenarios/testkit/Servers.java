package org.pgrehearse.scenarios.testkit;

import java.nio.file.Path;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.TestEnvironments;

/** The two servers that come with the build. */
public final class Servers {
    private Servers() {}

    /** PostgreSQL 15 as the source and 17 as the target, without durability, for the caller to close. */
    public static EmbeddedEnvironment start(Path logs) {
        return TestEnvironments.start(EmbeddedPlan.of(15, 17).withFsync(false), logs);
    }
}

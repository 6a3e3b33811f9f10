package org.pgrehearse.scenarios.testkit;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;

/** Two servers for all tests of a class, and for each test a folder and a fresh rig that its steps work with. */
public abstract class RunbookStage {
    /** The servers; started before the first test. */
    protected static EmbeddedEnvironment environment;

    /** Where steps look for files. */
    @TempDir
    protected Path folder;

    /** What steps work with. */
    protected ServerRig rig;

    @BeforeAll
    static void start(@TempDir Path logs) {
        environment = Servers.start(logs);
    }

    @AfterAll
    static void stop() {
        environment.close();
    }

    @BeforeEach
    void setUpRig() throws Exception {
        rig = new ServerRig(environment, folder);
    }
}

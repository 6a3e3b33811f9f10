package org.pgrehearse.scenarios.capture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Workload files whose content a test makes up. */
public final class HandWritten {
    private HandWritten() {}

    /** Writes a recording as a capture would. */
    public static Path workload(Path file, List<Recorded> recorded) throws IOException {
        try (WorkloadFile.Output output = WorkloadFile.create(file)) {
            for (Recorded each : recorded) {
                output.take(each);
            }
        }
        return file;
    }
}

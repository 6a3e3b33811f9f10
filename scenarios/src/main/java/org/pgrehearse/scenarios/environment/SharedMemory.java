package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The small System V segment by which PostgreSQL knows that a data folder is in use; it outlives a killed server. */
final class SharedMemory {
    private static final Path SEGMENTS = Path.of("/proc/sysvipc/shm");
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int PID_LINE = 0;
    private static final int SEGMENT_LINE = 6;
    private static final int ID_COLUMN = 1;
    private static final int CREATOR_COLUMN = 4;
    private static final int ATTACHED_COLUMN = 6;

    private SharedMemory() {}

    /**
     * Frees the segment of a dead server, where this system lists segments: only one that this folder names, that the
     * server which the folder names created, and that nobody is attached to.
     */
    static void release(Path data) {
        try {
            List<String> lines = Files.readAllLines(data.resolve("postmaster.pid"));
            if (lines.size() <= SEGMENT_LINE) {
                return;
            }
            String creator = lines.get(PID_LINE).strip();
            String id = lines.get(SEGMENT_LINE).strip().split("\\s+", -1)[ID_COLUMN];
            for (String segment : Files.readAllLines(SEGMENTS)) {
                String[] columns = segment.strip().split("\\s+", -1);
                if (columns[ID_COLUMN].equals(id)
                        && columns[CREATOR_COLUMN].equals(creator)
                        && columns[ATTACHED_COLUMN].equals("0")) {
                    Command.run(List.of("ipcrm", "-m", id), Path.of("/"), DEADLINE);
                }
            }
        } catch (IOException nothingToFree) {
            return;
        }
    }
}

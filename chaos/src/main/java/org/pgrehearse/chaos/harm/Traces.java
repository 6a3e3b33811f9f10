package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.Processes;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** What faults leave on a server and its machine, by the names that they leave it under. */
public final class Traces {
    static final String GID = "pgrehearse_";
    static final String BALLAST = "pgrehearse-ballast";
    static final String PRESSURE_FILE = "pgrehearse-pressure";
    static final String PRESSURE = "pgrehearse-pressure-of-";

    private static final Duration GOODBYE_MAX = Duration.ofSeconds(5);
    private static final String PREPARED = "SELECT gid FROM pg_prepared_xacts WHERE gid LIKE 'pgrehearse\\_%'"
            + " AND database = current_database() ORDER BY gid";
    private static final String SESSIONS =
            "SELECT pid FROM pg_stat_activity" + " WHERE application_name = ? AND pid <> pg_backend_pid() ORDER BY pid";

    private Traces() {}

    /** What is there now, one phrase each; asks a server only while it runs and stands not still. */
    public static List<String> on(ServerControl server) throws IOException {
        List<String> traces = new ArrayList<>();
        if (isUnfit(server, traces)) {
            return traces;
        }
        Optional<SqlAccess> sql = server.sql();
        if (sql.isPresent()) {
            for (List<String> row : Sql.rows(sql.get(), SESSIONS, Sql.application())) {
                traces.add("session " + row.getFirst() + " of a fault on server " + server.name());
            }
            for (List<String> row : Sql.rows(sql.get(), PREPARED)) {
                traces.add("prepared transaction " + row.getFirst() + " on server " + server.name());
            }
        }
        for (Path file : files(server)) {
            traces.add("file " + file);
        }
        return traces;
    }

    /** Waits for sessions of faults that were closed: a server ends them a moment after their good-bye. */
    public static void awaitGoodbyes(ServerControl server) throws IOException {
        Optional<SqlAccess> sql = server.sql();
        if (sql.isPresent() && !isUnfit(server, new ArrayList<>())) {
            Wait.until(
                    GOODBYE_MAX,
                    () -> Sql.rows(sql.get(), SESSIONS, Sql.application()).isEmpty());
        }
    }

    private static boolean isUnfit(ServerControl server, List<String> traces) throws IOException {
        Optional<ProcessControl> processes = server.processes();
        if (processes.isEmpty()) {
            return false;
        }
        List<Long> pids = new Processes(processes.get().pid()).all();
        if (pids.isEmpty()) {
            traces.add("dead server " + server.name());
        } else if (pids.stream().anyMatch(Processes::isStopped)) {
            traces.add("stopped server " + server.name());
        }
        return !traces.isEmpty();
    }

    /** Processes of this JVM that still press on the machine. */
    public static List<String> onMachine() {
        long self = ProcessHandle.current().pid();
        return pressing(owner -> owner == self).stream()
                .map(pid -> "process " + pid + " that presses on the processors")
                .toList();
    }

    /**
     * Removes what a fault of a process that is gone has left on a server: processes that stand still, prepared
     * transactions, ballast. Answers what it removed. Nobody else may be rehearsing with this server meanwhile.
     */
    public static List<String> clear(ServerControl server) throws IOException {
        List<String> cleared = new ArrayList<>();
        Optional<ProcessControl> processes = server.processes();
        if (processes.isPresent()) {
            List<Long> stopped = new Processes(processes.get().pid())
                    .all().stream().filter(Processes::isStopped).toList();
            Processes.resume(stopped);
            if (!stopped.isEmpty()) {
                cleared.add(stopped.size() + " stopped processes of server " + server.name());
            }
        }
        for (Path file : files(server)) {
            Files.deleteIfExists(file);
            cleared.add("file " + file);
        }
        Optional<SqlAccess> sql = server.sql();
        if (sql.isPresent()) {
            for (List<String> row : Sql.rows(sql.get(), PREPARED)) {
                Sql.run(sql.get(), "ROLLBACK PREPARED " + Sql.literal(row.getFirst()));
                cleared.add("prepared transaction " + row.getFirst() + " on server " + server.name());
            }
        }
        return cleared;
    }

    /** Ends the processes that press for somebody who is gone, and answers which they were. */
    public static List<String> clearMachine() throws IOException {
        List<Long> orphans = pressing(Processes::isGone);
        Processes.kill(orphans);
        return orphans.stream()
                .map(pid -> "process " + pid + " that pressed on the processors")
                .toList();
    }

    private static List<Path> files(ServerControl server) throws IOException {
        Optional<Path> data = server.data();
        if (data.isEmpty()) {
            return List.of();
        }
        List<Path> folders = new ArrayList<>(List.of(data.get()));
        Path links = data.get().resolve("pg_tblspc");
        if (Files.isDirectory(links)) {
            try (Stream<Path> tablespaces = Files.list(links)) {
                tablespaces.forEach(folders::add);
            }
        }
        return folders.stream()
                .flatMap(folder -> Stream.of(folder.resolve(BALLAST), folder.resolve(PRESSURE_FILE)))
                .filter(Files::exists)
                .toList();
    }

    private static List<Long> pressing(LongPredicate owners) {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(ProcessHandle::pid)
                    .filter(pid -> owner(pid).filter(owners::test).isPresent())
                    .toList();
        }
    }

    /** Who started a process that presses; empty for every other process. */
    private static Optional<Long> owner(long pid) {
        try {
            byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
            String words = new String(line, StandardCharsets.UTF_8);
            int last = words.lastIndexOf("\0" + PRESSURE);
            return last < 0
                    ? Optional.empty()
                    : Optional.of(Long.parseLong(
                            words.substring(last + 1 + PRESSURE.length()).replace("\0", "")));
        } catch (IOException | NumberFormatException other) {
            return Optional.empty();
        }
    }
}

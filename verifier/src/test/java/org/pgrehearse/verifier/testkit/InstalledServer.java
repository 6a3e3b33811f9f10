package org.pgrehearse.verifier.testkit;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A server of the PostgreSQL that is installed on the machine, with its extensions, in a folder of its own. */
public final class InstalledServer implements AutoCloseable {
    private static final Path PROGRAMS = Path.of("/usr/lib/postgresql/15/bin");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Process process;
    private final int port;

    private InstalledServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Whether version 15 is installed with the extension of this name. */
    public static boolean has(String extension) {
        return Files.exists(PROGRAMS.resolve("postgres"))
                && Files.exists(Path.of("/usr/share/postgresql/15/extension", extension + ".control"));
    }

    /** Makes a cluster in this empty folder and starts it. */
    public static InstalledServer start(Path folder) {
        try {
            // Servers refuse to run as root: as root of a namespace, they are nobody outside of it.
            List<String> account =
                    System.getProperty("user.name").equals("root") ? List.of("unshare", "-U") : List.of();
            String data = folder.resolve("data").toString();
            run(account, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync");
            int port = freePort();
            List<String> command = new ArrayList<>(account);
            command.addAll(List.of(
                    PROGRAMS.resolve("postgres").toString(),
                    "-D",
                    data,
                    "-p",
                    String.valueOf(port),
                    "-c",
                    "fsync=off",
                    "-c",
                    "unix_socket_directories="));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            InstalledServer server = new InstalledServer(process, port);
            await().atMost(PATIENCE).until(server::answers);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (Connection connection = new Database(port, "postgres", "postgres").open()) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private static void run(List<String> account, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(account);
        command.add(PROGRAMS.resolve(program).toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(program + ": " + said);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A new, empty database. */
    public Database database() {
        return Database.create(port, "");
    }

    /** A copy of a database to which nobody is connected. */
    public Database copyOf(Database other) {
        return Database.create(port, " TEMPLATE " + other.name());
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}

package org.pgrehearse.verifier.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/** A server in a folder of its own that a test may kill, copy and start again on the same port. */
public final class OwnServer implements AutoCloseable {
    private final Path folder;
    private final int major;
    private final int port;
    private EmbeddedPostgres running;

    private OwnServer(Path folder, int major, EmbeddedPostgres running) {
        this.folder = folder;
        this.major = major;
        this.port = running.getPort();
        this.running = running;
    }

    /** Makes a cluster in the folder, or uses the one that is there, and starts it with these settings. */
    public static OwnServer start(Path folder, int major, Map<String, String> settings) {
        return new OwnServer(folder, major, launch(folder, major, 0, settings));
    }

    private static EmbeddedPostgres launch(Path folder, int major, int port, Map<String, String> settings) {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setPgBinaryResolver((system, hardware) -> Servers.Running.binaries(major))
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .setPGStartupWait(Duration.ofMinutes(1));
        settings.forEach(builder::setServerConfig);
        try {
            return (port == 0 ? builder : builder.setPort(port)).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One of its databases. */
    public Database database(String name) {
        return new Database(port, name, "postgres");
    }

    /** Its port, the same after a restart. */
    public int port() {
        return port;
    }

    /** Kills the server's main process with SIGKILL; the others end when they notice. */
    public void kill() {
        try {
            String pid = Files.readAllLines(folder.resolve("postmaster.pid"))
                    .getFirst()
                    .strip();
            ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again; fails while processes of the killed one still hold its memory. */
    public void startAgain() {
        // Frees the lock that its owner still holds on the data.
        close();
        running = launch(folder, major, port, Map.of());
    }

    /** Stops it and copies its folder, then starts it again. */
    public void copyTo(Path other) {
        try {
            close();
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.toList()) {
                    Files.copy(path, other.resolve(folder.relativize(path).toString()));
                }
            }
            Files.deleteIfExists(other.resolve("postmaster.pid"));
            startAgain();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

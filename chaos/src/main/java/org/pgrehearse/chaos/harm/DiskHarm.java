package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.Processes;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** A small file system that is filled with ballast, and emptied again. */
public final class DiskHarm implements Harm {
    /** A larger file system may be the machine's own, which nobody wants full. */
    public static final long FILE_SYSTEM_BYTES_MAX = 4L << 30;

    private static final Duration RECOVERY_MAX = Duration.ofSeconds(60);
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int CRUMB_BYTES = 4096;
    private static final String DISK_FULL = "53100";

    private final ServerControl server;
    private final SqlAccess access;
    private final Path data;
    private final String tablespace;
    private final AtomicReference<@Nullable Path> ballast = new AtomicReference<>();

    /**
     * A disk that is not full.
     *
     * @param data the server's data folder
     * @param tablespace whose file system is filled; empty for the data folder's
     */
    public DiskHarm(ServerControl server, SqlAccess access, Path data, String tablespace) {
        this.server = server;
        this.access = access;
        this.data = data;
        this.tablespace = tablespace;
    }

    @Override
    public void inject() throws IOException {
        Path folder = folder();
        FileStore store = Files.getFileStore(folder);
        if (store.getTotalSpace() > FILE_SYSTEM_BYTES_MAX) {
            throw new IOException("the file system of " + folder + " has " + store.getTotalSpace() / (1 << 20)
                    + " MiB and may be the machine's own. Put it on one of at most "
                    + FILE_SYSTEM_BYTES_MAX / (1 << 20) + " MiB.");
        }
        Path file = folder.resolve(Traces.BALLAST);
        ballast.set(file);
        fill(file, store);
        if (store.getUsableSpace() >= BLOCK_BYTES) {
            throw new IOException("the file system of " + folder + " still has " + store.getUsableSpace()
                    + " bytes. Lift the quota of our user.");
        }
    }

    private Path folder() throws IOException {
        if (tablespace.isEmpty()) {
            return data;
        }
        String location = Sql.value(
                        access, "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = ?", tablespace)
                .filter(path -> !path.isEmpty())
                .orElseThrow(() -> new IOException(
                        "there is no tablespace \"" + tablespace + "\" with a folder. See pg_tablespace."));
        return Path.of(location);
    }

    /** Writes whole blocks, then crumbs, until the system says no; never more than the file system holds. */
    private static void fill(Path file, FileStore store) throws IOException {
        long blocksMax = store.getTotalSpace() / CRUMB_BYTES;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int size : new int[] {BLOCK_BYTES, CRUMB_BYTES}) {
                ByteBuffer block = ByteBuffer.allocate(size);
                boolean full = false;
                for (long written = 0; written < blocksMax && !full; written++) {
                    block.clear();
                    full = !hasWritten(channel, block);
                }
            }
        }
    }

    private static boolean hasWritten(FileChannel channel, ByteBuffer block) {
        try {
            return channel.write(block, channel.size()) > 0;
        } catch (IOException noSpaceLeft) {
            return false;
        }
    }

    @Override
    public Optional<String> evidence() {
        if (ballast.get() == null) {
            return Optional.empty();
        }
        try {
            write();
            return Optional.empty();
        } catch (SQLException e) {
            return DISK_FULL.equals(e.getSQLState())
                    ? Optional.of("the server has no space for a table: " + e.getMessage())
                    : gone();
        }
    }

    private Optional<String> gone() {
        try {
            Optional<ProcessControl> processes = server.processes();
            return processes.isPresent() && Processes.isGone(processes.get().pid())
                    ? Optional.of("the server ended for want of space")
                    : Optional.empty();
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    /** Wants eight million bytes of the file system for a moment. */
    private void write() throws SQLException {
        String where = tablespace.isEmpty() ? "" : " TABLESPACE \"" + tablespace.replace("\"", "\"\"") + "\"";
        try (Connection connection = Sql.open(access)) {
            Sql.run(connection, "CREATE TEMP TABLE pgrehearse_probe (filler text)" + where);
            Sql.run(
                    connection,
                    "INSERT INTO pgrehearse_probe SELECT repeat(md5(i::text), 50) FROM generate_series(1, 5000) i");
            Sql.run(connection, "DROP TABLE pgrehearse_probe");
        }
    }

    @Override
    public void heal() throws IOException {
        Path file = ballast.get();
        if (file == null) {
            return;
        }
        Files.deleteIfExists(file);
        boolean healthy = Wait.until(RECOVERY_MAX, () -> {
            Optional<ProcessControl> processes = server.processes();
            if (processes.isPresent() && Processes.isGone(processes.get().pid())) {
                processes.get().restart();
            }
            try {
                write();
                return true;
            } catch (SQLException e) {
                throw Sql.failed(e);
            }
        });
        if (!healthy) {
            throw new IOException("the server could not write within " + RECOVERY_MAX.toSeconds()
                    + " s after the ballast was gone. Read its log.");
        }
    }
}

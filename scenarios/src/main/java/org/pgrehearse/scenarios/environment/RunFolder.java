package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.pgrehearse.reports.journal.Side;

/**
 * The folder of one run's clusters, with a file that names its owner and a locked file that shows the owner lives.
 *
 * <p>The lock is what holds between containers that share a cache but cannot see each other's processes. Both files are
 * there before the folder gets a name that {@link StaleRuns} looks at.
 */
final class RunFolder implements AutoCloseable {
    static final String PREFIX = "run-";
    static final String NEW_PREFIX = ".new-";
    static final String LOCK = "lock";

    private final Path path;
    private final FileLock lock;

    private RunFolder(Path path, FileLock lock) {
        this.path = path;
        this.lock = lock;
    }

    static RunFolder create(Cache cache) {
        Owner owner = Owner.current();
        Path clusters = cache.clusters();
        try {
            Path created = Files.createTempDirectory(clusters, NEW_PREFIX + owner.pid() + "-");
            // The server's user must be able to pass; the data folders themselves are closed.
            Files.setPosixFilePermissions(created, PosixFilePermissions.fromString("rwxr-xr-x"));
            owner.write(created);
            FileChannel channel =
                    FileChannel.open(created.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock held = channel.lock();
                Path path = clusters.resolve(created.getFileName().toString().replace(NEW_PREFIX, PREFIX));
                Files.move(created, path, StandardCopyOption.ATOMIC_MOVE);
                return new RunFolder(path, held);
            } catch (IOException failed) {
                channel.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw cache.unwritable(clusters, failed);
        }
    }

    /**
     * Where the cluster of a side goes; the folder exists, is empty, and belongs to the account.
     *
     * @param memoryBytes size of a file system in memory to put there; 0 for none
     */
    Path data(Side side, ServerAccount account, long memoryBytes) throws IOException {
        Path data = Files.createDirectory(path.resolve(side.name().toLowerCase(Locale.ROOT)));
        if (memoryBytes > 0) {
            MemoryDisk.mount(data, memoryBytes);
        }
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        account.give(data);
        return data;
    }

    /** Notes a started server, for people who look at what is left. */
    void note(Side side, long pid) throws IOException {
        Files.writeString(path.resolve(Owner.FILE), side + "=" + pid + "\n", StandardOpenOption.APPEND);
    }

    Path path() {
        return path;
    }

    /** Deletes the folder while it is still locked. */
    @Override
    public void close() throws IOException {
        try (Channel held = lock.acquiredBy()) {
            MemoryDisk.unmountBelow(path);
            Folders.delete(path);
        }
    }
}

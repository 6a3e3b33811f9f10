package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A file in the server's file system that is written and synced again and again, by a thread of ours. */
public final class IoHarm implements Harm {
    private static final Duration END_MAX = Duration.ofSeconds(30);
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int SHARE_MAX = 2;

    private final Path file;
    private final long bytes;
    private final AtomicLong synced = new AtomicLong();
    private final AtomicReference<@Nullable Thread> writer = new AtomicReference<>();
    private final AtomicReference<String> trouble = new AtomicReference<>("");

    /** A file that is not written yet, in the server's data folder. */
    public IoHarm(Path data, long bytes) {
        this.file = data.resolve(Traces.PRESSURE_FILE);
        this.bytes = bytes;
    }

    @Override
    public void inject() throws IOException {
        FileStore store = Files.getFileStore(file.getParent());
        if (bytes > store.getUsableSpace() / SHARE_MAX) {
            throw new IOException("the file would take more than half of the " + store.getUsableSpace() / (1 << 20)
                    + " MiB that are free. Make it smaller.");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        writer.set(Thread.ofPlatform().daemon().name("io-pressure").start(() -> press(channel)));
    }

    private void press(FileChannel channel) {
        try (channel) {
            ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK_BYTES, bytes));
            while (!Thread.currentThread().isInterrupted()) {
                long written = 0;
                while (written < bytes && !Thread.currentThread().isInterrupted()) {
                    block.clear();
                    written += channel.write(block, written);
                }
                channel.force(true);
                synced.addAndGet(written);
            }
        } catch (IOException e) {
            trouble.set(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Optional<String> evidence() {
        long done = synced.get();
        String end = trouble.get().isEmpty() ? "" : "; then " + trouble.get();
        return done == 0 ? Optional.empty() : Optional.of(done + " bytes written and synced" + end);
    }

    @Override
    public void heal() throws IOException {
        Thread pressing = writer.get();
        if (pressing != null) {
            pressing.interrupt();
            if (!Wait.until(END_MAX, () -> !pressing.isAlive())) {
                throw new IOException("a write to " + file + " does not return. Check the disk.");
            }
            writer.set(null);
        }
        Files.deleteIfExists(file);
    }
}

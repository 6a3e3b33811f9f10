package org.pgrehearse.verifier.resume;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.InvalidInputException;
import tools.jackson.core.JacksonException;

/**
 * The entries of a comparison, one a line, each behind the 128-bit fingerprint (MurmurHash3) of its bytes. A last line
 * that a kill tore is cut off; damage anywhere else is refused, for a verdict must not rest on it. The file is locked
 * while it is open. Safe for use by many threads.
 */
public final class ResumeFile implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final EntryFormat format = new EntryFormat();
    private final List<Entry> before = new ArrayList<>();
    private @Nullable String lost;

    private ResumeFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens the file and reads what it holds; makes it when there is none.
     *
     * @throws InvalidInputException when it cannot be used: no access, in use by another process, damaged
     */
    public static ResumeFile open(Path path) {
        try {
            FileChannel channel = FileChannel.open(
                    path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            restrict(path);
            ResumeFile file = new ResumeFile(path, channel);
            try {
                file.lock();
                file.read();
                return file;
            } catch (IOException | InvalidInputException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new InvalidInputException("Cannot use " + path + " to continue from: " + e + ". Name another file.");
        }
    }

    /** It holds values of rows that differ: for its owner only. */
    private static void restrict(Path path) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(PosixFilePermissions.fromString("rw-------"));
        }
    }

    private void lock() throws IOException {
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Held within this process: the same answer.
        }
        throw new InvalidInputException(
                "Cannot continue from " + path + ": another comparison uses it. Wait for that or name another file.");
    }

    private void read() throws IOException {
        byte[] all = Files.readAllBytes(path);
        int start = 0;
        int line = 1;
        while (start < all.length) {
            int end = start;
            while (end < all.length && all[end] != '\n') {
                end++;
            }
            boolean last = end + 1 >= all.length;
            byte[] bytes = Arrays.copyOfRange(all, start, end);
            if (end == all.length || !sound(bytes)) {
                if (!last) {
                    throw new InvalidInputException("Cannot continue from " + path + ": line " + line
                            + " is damaged. Remove the file to start over.");
                }
                break;
            }
            before.add(entry(bytes, line));
            start = end + 1;
            line++;
        }
        channel.truncate(start);
        channel.position(start);
    }

    private static boolean sound(byte[] line) {
        if (line.length <= Fingerprint.DIGITS) {
            return false;
        }
        byte[] document = Arrays.copyOfRange(line, Fingerprint.DIGITS + 1, line.length);
        return Arrays.equals(
                Fingerprint.of(document).toString().getBytes(StandardCharsets.US_ASCII),
                Arrays.copyOf(line, Fingerprint.DIGITS));
    }

    private Entry entry(byte[] line, int number) {
        try {
            return format.entry(Arrays.copyOfRange(line, Fingerprint.DIGITS + 1, line.length));
        } catch (JacksonException e) {
            throw new InvalidInputException("Cannot continue from " + path + ": line " + number
                    + " was written by another version. Remove the file to start over.");
        }
    }

    /** What the file held when it was opened, in its order. */
    public List<Entry> before() {
        return List.copyOf(before);
    }

    /**
     * Appends an entry; it is on its way to the disk when this returns, and survives the end of this process. Once one
     * could not be written none is, so that the file ends with the last sound one; {@link #lost} tells.
     */
    public synchronized void append(Entry entry) {
        if (lost != null) {
            return;
        }
        byte[] document = format.bytes(entry);
        ByteArrayOutputStream line = new ByteArrayOutputStream(document.length + Fingerprint.DIGITS + 2);
        line.writeBytes(Fingerprint.of(document).toString().getBytes(StandardCharsets.US_ASCII));
        line.write(' ');
        line.writeBytes(document);
        line.write('\n');
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            lost = "Cannot write to " + path + ": " + e
                    + ". The comparison went on without it, and can be continued only from what was written before.";
        }
    }

    /** Why entries were not kept; empty when all were. */
    public synchronized Optional<String> lost() {
        return Optional.ofNullable(lost);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + path, e);
        }
    }
}

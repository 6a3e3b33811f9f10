package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The end of a program's output, short enough for a message. */
final class LogTail {
    private static final int LINES_MAX = 20;
    private static final int BYTES_MAX = 16 * 1024;

    private LogTail() {}

    /** The last lines of a file; what is wrong with it when it cannot be read. */
    static String of(Path file) {
        return since(0, file);
    }

    /** The last lines of a file, as far as they come after a number of bytes. */
    static String since(long start, Path file) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(start, channel.size() - BYTES_MAX));
            ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes);
            }
            return of(StandardCharsets.UTF_8.decode(bytes.flip()).toString());
        } catch (IOException unreadable) {
            return "(no output: " + unreadable.getMessage() + ")";
        }
    }

    /** How long a log is now; 0 when there is none yet. */
    static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException none) {
            return 0;
        }
    }

    /** The last lines of a text. */
    static String of(String text) {
        List<String> lines = text.strip().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_MAX), lines.size()));
    }
}

package org.pgrehearse.scenarios.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.pgrehearse.scenarios.environment.Server;

/**
 * What the receiving server's log says of its replication workers from a moment on: a subscription that cannot apply a
 * change tells nobody else why. Says nothing for servers whose log is no file of this machine.
 *
 * @param who the server's side, for sentences
 * @param log the file
 * @param start how long it was at that moment, in bytes
 */
record ReplicationErrors(String who, Optional<Path> log, long start) {
    /** So much of the end of a log is looked at; a worker that fails does so every few seconds. */
    private static final int BYTES_MAX = 256 * 1024;

    /** Sessions of users name themselves behind the process, workers do not. */
    private static final Pattern WORKERS_ERROR = Pattern.compile("^\\S+ \\S+ \\S+ \\[\\d+\\] (ERROR:  .*)$");

    /** From now on. */
    static ReplicationErrors of(Server receiver) {
        Optional<Path> log = receiver.logFile();
        return new ReplicationErrors(
                receiver.side().name().toLowerCase(Locale.ROOT),
                log,
                log.map(ReplicationErrors::size).orElse(0L));
    }

    /** A sentence with the last error, behind a space; empty when there was none. */
    String sentence() {
        return log.flatMap(file -> last(file, start))
                .map(error -> " The log of the " + who + " says: \"" + error + "\".")
                .orElse("");
    }

    /** The same failure, with what the log says of it. */
    StepFailed explain(StepFailed failure) {
        String sentence = sentence();
        return sentence.isEmpty() ? failure : new StepFailed(failure.getMessage() + sentence, failure);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException none) {
            return 0;
        }
    }

    private static Optional<String> last(Path file, long start) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            channel.position(Math.max(start, channel.size() - BYTES_MAX));
            ByteBuffer bytes = ByteBuffer.allocate(BYTES_MAX);
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = channel.read(bytes);
            }
            return StandardCharsets.UTF_8
                    .decode(bytes.flip())
                    .toString()
                    .lines()
                    .map(WORKERS_ERROR::matcher)
                    .filter(line -> line.matches())
                    .map(line -> line.group(1).replaceFirst(" {2,}", " "))
                    .reduce((earlier, later) -> later);
        } catch (IOException unreadable) {
            return Optional.empty(); // a log that cannot be read explains nothing
        }
    }
}

package org.pgrehearse.reports.journal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;

/** Reads a journal file event by event, in memory that does not grow with it. */
public final class JournalReader {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LINE_BYTES_MAX = 1 << 28;

    private final Path file;
    private final EventFormat format = new EventFormat();

    /** A reader of one file. */
    public JournalReader(Path file) {
        this.file = file;
    }

    /**
     * Hands every event of the file on, in the order of the file. An end that a killed process left is reported in the
     * result; anything else that is not an event throws a {@link JournalException} naming the line.
     */
    public JournalTail read(Consumer<Event> events) {
        try (InputStream bytes = Files.newInputStream(file);
                InputStream text = new GZIPInputStream(bytes, BUFFER_BYTES)) {
            return new Lines(text, events).read();
        } catch (EOFException e) {
            return new JournalTail(0, true, "the file ends before its first event");
        } catch (ZipException e) {
            throw new JournalException("Cannot read journal " + file + ": it is not a gzip file.", e);
        } catch (IOException e) {
            throw new JournalException("Cannot read journal " + file + ": " + e + ".", e);
        }
    }

    /** The walk over the lines of one file. */
    private final class Lines {
        private final InputStream text;
        private final Consumer<Event> events;
        private final LineBuffer line = new LineBuffer();
        private long count;

        Lines(InputStream text, Consumer<Event> events) {
            this.text = text;
            this.events = events;
        }

        JournalTail read() throws IOException {
            byte[] buffer = new byte[BUFFER_BYTES];
            while (true) {
                int length;
                try {
                    length = text.read(buffer);
                } catch (EOFException e) {
                    return cut("its compressed end is missing");
                } catch (ZipException e) {
                    throw new JournalException(
                            "Cannot read journal " + file + ": it is damaged after line " + count + ": "
                                    + e.getMessage() + ". Copy it again, or judge another recording.",
                            e);
                }
                if (length < 0) {
                    return line.size() == 0 ? new JournalTail(count, false, "") : cut("its last line has no end");
                }
                take(buffer, length);
            }
        }

        private JournalTail cut(String fact) {
            return new JournalTail(
                    count, true, fact + "; " + count + " events before it were read, what came after is lost");
        }

        private void take(byte[] buffer, int length) {
            int start = 0;
            for (int i = 0; i < length; i++) {
                if (buffer[i] == '\n') {
                    if (line.size() == 0) {
                        event(Arrays.copyOfRange(buffer, start, i), i - start);
                    } else {
                        line.write(buffer, start, i - start);
                        event(line.array(), line.size());
                        line.reset();
                    }
                    start = i + 1;
                }
            }
            line.write(buffer, start, length - start);
            if (line.size() > LINE_BYTES_MAX) {
                throw new JournalException("Cannot read journal " + file + ": line " + (count + 1) + " is longer than "
                        + LINE_BYTES_MAX + " bytes. It is not a journal of this tool.");
            }
        }

        private void event(byte[] bytes, int length) {
            try {
                events.accept(format.event(bytes, length));
            } catch (JacksonException e) {
                throw new JournalException(
                        "Cannot read journal " + file + ": line " + (count + 1) + " is not an event: "
                                + e.getOriginalMessage() + ".",
                        e);
            }
            count++;
        }
    }

    /** A growing line whose bytes can be read without a copy. */
    private static final class LineBuffer extends ByteArrayOutputStream {
        byte[] array() {
            return buf;
        }
    }
}

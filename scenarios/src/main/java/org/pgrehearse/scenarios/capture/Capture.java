package org.pgrehearse.scenarios.capture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Makes a workload file of server logs, in memory that does not grow with them. */
public final class Capture {
    private final Format format;
    private final LinePrefix prefix;
    private final @Nullable Mask mask;

    /**
     * A capture.
     *
     * @param prefix of plain logs
     * @param mask of values; null keeps them
     */
    public Capture(Format format, LinePrefix prefix, @Nullable Mask mask) {
        this.format = format;
        this.prefix = prefix;
        this.mask = mask;
    }

    /** What kind of log a file is. */
    public enum Format {
        /** By the file's name and first characters. */
        AUTO,
        CSVLOG,
        JSONLOG,
        STDERR
    }

    /**
     * Reads logs, in their order, into a workload file. Names that end in {@code .gz} are unpacked.
     *
     * @return what was kept, and what was left out and why
     */
    public Tally run(List<Path> logs, Path out) throws IOException {
        Tally tally = new Tally();
        try (WorkloadFile.Output output = WorkloadFile.create(out)) {
            Statements statements = new Statements(tally, mask, output);
            for (Path log : logs) {
                try (Reader reader = open(log)) {
                    read(log, reader, statements);
                }
            }
            statements.end();
        }
        return tally;
    }

    private static Reader open(Path log) throws IOException {
        InputStream stream = Files.newInputStream(log);
        InputStream plain = log.toString().endsWith(".gz") ? new GZIPInputStream(stream) : stream;
        // What is no UTF-8 becomes a replacement character, and its statement is recognized by it.
        return new BufferedReader(new InputStreamReader(
                plain,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPLACE)
                        .onUnmappableCharacter(CodingErrorAction.REPLACE)));
    }

    private void read(Path log, Reader reader, Statements statements) throws IOException {
        LogLines lines = new LogLines(reader, log.getFileName().toString());
        LogSink sink = new WithoutReplacements(statements);
        switch (format == Format.AUTO ? guess(log) : format) {
            case CSVLOG -> new CsvLog(lines, sink).read();
            case JSONLOG -> new JsonLog(lines, sink).read();
            case STDERR, AUTO -> new StderrLog(lines, prefix, sink).read();
        }
    }

    private static Format guess(Path log) throws IOException {
        String name = log.getFileName().toString().replaceFirst("\\.gz$", "");
        if (name.endsWith(".csv")) {
            return Format.CSVLOG;
        }
        if (name.endsWith(".json")) {
            return Format.JSONLOG;
        }
        try (Reader reader = open(log)) {
            return reader.read() == '{' ? Format.JSONLOG : Format.STDERR;
        }
    }

    /** Leaves out what has characters that could not be decoded. */
    private record WithoutReplacements(LogSink next) implements LogSink {
        private static final char REPLACEMENT = '\uFFFD';

        @Override
        public void entry(LogEntry entry) {
            if (entry.message().indexOf(REPLACEMENT) >= 0
                    || entry.detail().indexOf(REPLACEMENT) >= 0
                    || entry.query().indexOf(REPLACEMENT) >= 0) {
                next.damaged(entry.place(), "text that is not UTF-8");
            } else {
                next.entry(entry);
            }
        }

        @Override
        public void damaged(String place, String why) {
            next.damaged(place, why);
        }
    }
}

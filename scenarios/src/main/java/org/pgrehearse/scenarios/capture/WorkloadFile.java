package org.pgrehearse.scenarios.capture;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A recorded workload: gzipped, one JSON object a line, the first of them {@code {"workload": 1}}. */
public final class WorkloadFile {
    /** The most statements and ends of sessions that are read back. */
    public static final int RECORDED_MAX = 2_000_000;

    private static final String HEADER = "{\"workload\":1}";
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private WorkloadFile() {}

    /** A file to write into, for the caller to close. */
    static Output create(Path file) throws IOException {
        return new Output(file);
    }

    /**
     * Everything in a file.
     *
     * @throws IOException when it cannot be read, is no workload, is damaged, or holds more than {@link #RECORDED_MAX}
     */
    public static List<Recorded> read(Path file) throws IOException {
        List<Recorded> all = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            if (!HEADER.equals(reader.readLine())) {
                throw new IOException(file + " is no recorded workload. Make one with \"pgrehearse capture\".");
            }
            @Nullable String line = reader.readLine();
            while (line != null) {
                if (all.size() >= RECORDED_MAX) {
                    throw new IOException(file + " holds more than " + RECORDED_MAX
                            + " statements. Capture a shorter time of the log.");
                }
                all.add(MAPPER.readValue(line, Recorded.class));
                line = reader.readLine();
            }
        } catch (JacksonException e) {
            throw new IOException(file + ":" + (all.size() + 2) + ": is damaged", e);
        }
        return all;
    }

    /** The file being written. */
    static final class Output implements Statements.Taker, AutoCloseable {
        private final Writer writer;

        Output(Path file) throws IOException {
            writer = new BufferedWriter(
                    new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8));
            writer.write(HEADER);
            writer.write('\n');
        }

        @Override
        public void take(Recorded recorded) throws IOException {
            writer.write(MAPPER.writeValueAsString(recorded));
            writer.write('\n');
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}

package org.pgrehearse.scenarios.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the process of a migration tool tells of each migration, one line each in a file that the rehearsal reads when
 * the process has ended, in whatever way. Used by one thread of that process.
 */
final class MigrationLog {
    private static final String BEGUN = "begun";
    private static final String DONE = "done";
    private static final String FAILED = "failed";
    private static final String LEFT = "left";
    private static final String NOTHING = "no change of the schema";

    private final Path file;
    private SchemaPicture before = new SchemaPicture(Set.of(), Set.of(), Set.of());

    MigrationLog(Path file) {
        this.file = file;
    }

    /** A connection of the tool's process to where libpq's variables lead, under the tool's name. */
    static String url(String tool) {
        return "jdbc:postgresql://" + System.getenv("PGHOST") + ":" + System.getenv("PGPORT") + "/"
                + System.getenv("PGDATABASE") + "?ApplicationName=" + tool;
    }

    /** A connection of its own. */
    static Connection connect(String tool) throws SQLException {
        return DriverManager.getConnection(url(tool), System.getenv("PGUSER"), System.getenv("PGPASSWORD"));
    }

    void begin(String migration, Connection connection) {
        try {
            before = SchemaPicture.of(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look at the schema before " + migration, e);
        }
        write(BEGUN, migration);
    }

    void done(String migration, Connection connection) {
        try {
            String changes = SchemaPicture.of(connection).told(before);
            write(DONE, migration + ": " + (changes.isEmpty() ? NOTHING : changes));
        } catch (SQLException e) {
            throw new IllegalStateException("cannot look at the schema after " + migration, e);
        }
    }

    /** Tells why the tool failed, and what the migration that was under way left for others to see. */
    void failed(String tool, String why) {
        write(FAILED, why);
        try (Connection connection = connect(tool)) {
            write(LEFT, SchemaPicture.of(connection).told(before));
        } catch (SQLException unreachable) {
            write(FAILED, why + " What it left cannot be seen: " + unreachable.getMessage());
        }
    }

    private void write(String kind, String text) {
        String line = kind + "\t" + text.strip().replaceAll("\\s*\\R\\s*", " / ") + "\n";
        try {
            Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What was told.
     *
     * @param done each migration that ended, with its changes
     * @param open the migration that had begun last and did not end
     * @param failure what the tool said
     * @param left what it left of the migration that failed; an empty text for nothing
     */
    record Told(List<String> done, Optional<String> open, Optional<String> failure, Optional<String> left) {
        Told {
            done = List.copyOf(done);
        }
    }

    /** Reads it; nothing was told where there is no file. */
    static Told read(Path file) throws IOException {
        List<String> done = new ArrayList<>();
        Optional<String> open = Optional.empty();
        Optional<String> failure = Optional.empty();
        Optional<String> left = Optional.empty();
        for (String line : Files.exists(file) ? Files.readAllLines(file, StandardCharsets.UTF_8) : List.<String>of()) {
            String text = line.substring(line.indexOf('\t') + 1);
            if (line.startsWith(BEGUN)) {
                open = Optional.of(text);
            } else if (line.startsWith(DONE)) {
                open = Optional.empty();
                done.add(text);
            } else if (line.startsWith(LEFT)) {
                left = Optional.of(text);
            } else {
                failure = Optional.of(text);
            }
        }
        return new Told(done, open, failure, left);
    }
}

package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.absent;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** golang-migrate by its command, on a folder of {@code 000001_name.up.sql} files. */
record GolangMigrateTool() implements MigrationTool {
    static final String WORD = "golang-migrate";
    static final String INSTALL = "go install -tags postgres github.com/golang-migrate/migrate/v4/cmd/migrate@v4.18.3";
    private static final Pattern UP = Pattern.compile("(\\d+)_.*\\.up\\.\\w+");
    private static final String ACCOUNT = "schema_migrations";
    private static final int MIGRATIONS_MAX = 10_000;

    /** A file that leads up, by its number. */
    private record Up(BigInteger version, String name) {}

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Shape shape() {
        return MigrationTool.shape(
                WORD,
                "Migrate up with golang-migrate, and tell what each migration changed",
                "path",
                absent("force", ArgumentKind.NUMBER));
    }

    @Override
    public void require(ClientPrograms programs) {
        programs.installed("migrate", INSTALL);
    }

    @Override
    public Optional<String> place(Arguments arguments) {
        return arguments.given("path");
    }

    @Override
    public List<Command> commands(ClientPrograms programs, Arguments arguments, Server server, Path place, Path log)
            throws SQLException, StepFailed {
        List<String> start = List.of(
                programs.installed("migrate", INSTALL).toString(),
                "-path",
                place.toString(),
                "-database",
                // Host and port are those of the environment's PGHOST and PGPORT.
                "postgres://" + encoded(server.adminRole()) + "@/" + encoded(server.database())
                        + "?sslmode=disable&application_name=" + WORD);
        List<Command> commands = new ArrayList<>();
        arguments
                .given("force")
                .ifPresent(version -> commands.add(command(Optional.of("force " + version), start, "force", version)));
        Optional<BigInteger> version = arguments.given("force").map(BigInteger::new);
        if (version.isEmpty()) {
            try (Connection connection = server.admin()) {
                version = MigrationTool.told(connection, ACCOUNT, "SELECT version FROM %s").stream()
                        .findFirst()
                        .map(BigInteger::new);
            }
        }
        BigInteger from = version.orElse(BigInteger.ONE.negate());
        for (Up up : ups(place)) {
            if (up.version().compareTo(from) > 0) {
                commands.add(command(Optional.of(up.name()), start, "up", "1"));
            }
        }
        // A dirty state is its own to refuse, also when nothing is left to do.
        return commands.isEmpty() ? List.of(command(Optional.empty(), start, "up")) : commands;
    }

    private static Command command(Optional<String> migration, List<String> start, String... rest) {
        return new Command(
                migration, Stream.concat(start.stream(), Stream.of(rest)).toList());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static List<Up> ups(Path folder) throws StepFailed {
        try (Stream<Path> files = Files.list(folder)) {
            List<Up> ups = files.map(file -> UP.matcher(String.valueOf(file.getFileName())))
                    .filter(Matcher::matches)
                    .map(name -> new Up(new BigInteger(name.group(1)), name.group()))
                    .sorted(Comparator.comparing(Up::version))
                    .limit(MIGRATIONS_MAX)
                    .toList();
            if (ups.isEmpty()) {
                throw new StepFailed("Cannot migrate with golang-migrate: " + folder
                        + " holds no file such as 000001_name.up.sql. Name another folder.");
            }
            return ups;
        } catch (IOException e) {
            throw new StepFailed("Cannot read " + folder + ": " + e.getMessage() + ". Name a folder.", e);
        }
    }

    @Override
    public List<String> account(Connection connection) throws SQLException {
        return MigrationTool.told(
                connection,
                ACCOUNT,
                "SELECT 'version ' || version || CASE WHEN dirty THEN ', dirty' ELSE '' END FROM %s");
    }

    @Override
    public Optional<String> ownTables() {
        return Optional.of(ACCOUNT);
    }

    @Override
    public Optional<String> obstacle(Connection connection) throws SQLException {
        return MigrationTool.told(
                        connection,
                        ACCOUNT,
                        "SELECT 'schema_migrations is dirty at version ' || version || ', and every later run refuses."
                                + " Undo by hand what it left, then give the step force: with the version before it'"
                                + " FROM %s WHERE dirty")
                .stream()
                .findFirst();
    }
}

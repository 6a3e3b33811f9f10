package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.absent;
import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;
import org.pgrehearse.verifier.catalog.ColumnRules;
import org.pgrehearse.verifier.catalog.Selection;

/**
 * A deployment that is killed at each of its statements in turn and then run again, each time in a copy of the schema
 * beside the users' load: it must come to the schema that an undisturbed run comes to. For the thread of its step.
 */
final class KillAtEach {
    static final String WORD = "kill-at-each";
    private static final String TEMPLATE = "pgrehearse_kill_template";
    private static final String COPY = "pgrehearse_kill_copy";
    private static final String UNDISTURBED = "pgrehearse_kill_undisturbed";
    private static final Duration GONE_MAX = Duration.ofSeconds(20);
    private static final int FINDINGS_MAX = 10;
    private static final List<MigrationTool> TOOLS =
            List.of(new PsqlTool(), new FlywayTool(), new LiquibaseTool(), new GolangMigrateTool());

    private final MigrationTool tool;
    private final Rig rig;
    private final Arguments arguments;
    private final Server server;

    private KillAtEach(MigrationTool tool, Rig rig, Arguments arguments) {
        this.tool = tool;
        this.rig = rig;
        this.arguments = arguments;
        this.server = OwnSteps.server(rig, arguments);
    }

    static Step step() {
        return new Step(
                Shape.of(
                                WORD,
                                "Kill a deployment at each of its statements, and run it again, in copies of the"
                                        + " schema",
                                choice("on", "source", "target"),
                                choice(
                                        "tool",
                                        TOOLS.stream().map(MigrationTool::word).toArray(String[]::new)),
                                absent("path", ArgumentKind.TEXT),
                                absent("files", ArgumentKind.TEXTS),
                                absent("options", ArgumentKind.TEXTS),
                                choice("locks", "kept", "released"),
                                optional("rows", ArgumentKind.ROWS, "none"),
                                absent("ignore-column", ArgumentKind.TEXTS),
                                optional("at-most", ArgumentKind.POSITIVE, "50"))
                        .exactlyOne("path", "files"),
                (rig, arguments) -> Step.Done.of(new KillAtEach(tool(arguments), rig, arguments).run()));
    }

    /** The tool that a step of this kind names. */
    static MigrationTool tool(Arguments arguments) {
        return TOOLS.stream()
                .filter(tool -> tool.word().equals(arguments.text("tool")))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("a checked step names no tool"));
    }

    /** What a run of the tool came to. */
    private record Outcome(SchemaPicture schema, SchemaDump definitions, List<String> account) {}

    private String run() throws SQLException, StepFailed, InterruptedException {
        try {
            template();
            copy();
            Server place = new CopiedServer(server, COPY);
            long points;
            try (KillPoints counted = new KillPoints(place, 0)) {
                new ToolRun(tool, rig, arguments, place).run(() -> false);
                points = counted.passed();
            } catch (Program.Killed e) {
                throw new IllegalStateException("nothing asked for a kill", e);
            }
            Outcome undisturbed = outcome(place);
            if (withRows()) {
                endSessions("true");
                Sql.run(server, "ALTER DATABASE " + COPY + " RENAME TO " + UNDISTURBED);
            }
            List<String> wrong = new ArrayList<>();
            List<Long> chosen = chosen(points, arguments.number("at-most"));
            for (long point : chosen) {
                copy();
                killedAt(point, points, place, undisturbed).ifPresent(wrong::add);
            }
            String all = "killed at " + chosen.size() + " of " + points + " statements and run again: "
                    + (chosen.size() - wrong.size()) + " came to the schema of an undisturbed run";
            if (!wrong.isEmpty()) {
                throw new StepFailed(all + ", " + wrong.size() + " did not. "
                        + String.join(" ", wrong.subList(0, Math.min(wrong.size(), FINDINGS_MAX))));
            }
            if (points == 0) {
                throw new StepFailed("Cannot kill " + tool.word() + ": it changed no schema and no rows in its"
                        + " undisturbed run. Name migrations that are not applied yet.");
            }
            return all + ".";
        } finally {
            drop();
        }
    }

    /** All, or as many as are wanted, spread evenly, with the first and the last. */
    static List<Long> chosen(long points, long atMost) {
        return points <= atMost
                ? LongStream.rangeClosed(1, points).boxed().toList()
                : LongStream.range(0, atMost)
                        .map(i -> atMost == 1 ? 1 : 1 + i * (points - 1) / (atMost - 1))
                        .boxed()
                        .toList();
    }

    /** Kills it there and runs it again; returns what is wrong with what it comes to. */
    private Optional<String> killedAt(long point, long points, Server place, Outcome undisturbed)
            throws SQLException, StepFailed, InterruptedException {
        String where = "Killed at statement " + point + " of " + points;
        try (KillPoints kill = new KillPoints(place, point)) {
            List<String> statement = new ArrayList<>();
            try {
                new ToolRun(tool, rig, arguments, place).run(() -> isMet(kill, statement));
                return Optional.of(where + ", which was not reached the second time; what it does depends on the run.");
            } catch (Program.Killed e) {
                where += " (" + statement.getFirst().strip().replaceAll("\\s+", " ") + ")";
            }
            endSessions("application_name = '" + tool.word() + "'");
        }
        try (Connection connection = place.admin()) {
            Optional<String> obstacle = tool.obstacle(connection);
            if (obstacle.isPresent() && !(arguments.text("locks").equals("released") && tool.release(connection))) {
                return Optional.of(where + ", the next run cannot start: " + obstacle.get() + ".");
            }
        }
        try {
            new ToolRun(tool, rig, arguments, place).run(() -> false);
        } catch (StepFailed e) {
            return Optional.of(where + ", the next run refuses: " + e.getMessage());
        } catch (Program.Killed e) {
            throw new IllegalStateException("nothing asked for a kill", e);
        }
        Outcome outcome = outcome(place);
        String differs = outcome.schema().told(undisturbed.schema());
        String defined = outcome.definitions().told(undisturbed.definitions(), !differs.isEmpty());
        differs = Stream.of(differs, defined).filter(each -> !each.isEmpty()).collect(Collectors.joining(", "));
        if (differs.isEmpty() && !new TreeSet<>(outcome.account()).equals(new TreeSet<>(undisturbed.account()))) {
            differs = "the tool's account is " + outcome.account() + " and not " + undisturbed.account();
        }
        if (!differs.isEmpty()) {
            return Optional.of(where + ", the next run succeeds, and comes to another schema: " + differs + ".");
        }
        String rows = withRows() ? otherRows(place) : "";
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(where + ", the next run succeeds, and comes to other rows: " + rows);
    }

    private boolean withRows() {
        return !arguments.text("rows").equals("none");
    }

    /** Where the rows differ from those of the undisturbed run; the tool's own account is compared elsewhere. */
    private String otherRows(Server place) throws StepFailed, InterruptedException {
        List<String> account =
                tool.ownTables().stream().map(name -> "*." + name + "*").toList();
        return Compare.differences(
                new CopiedServer(server, UNDISTURBED),
                place,
                Selection.of(List.of(), account, List.of())
                        .withColumns(new ColumnRules(List.of(), arguments.list("ignore-column"))));
    }

    private static boolean isMet(KillPoints kill, List<String> statement) {
        try {
            kill.met().ifPresent(statement::add);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot see where the tool is", e);
        }
        return !statement.isEmpty();
    }

    private Outcome outcome(Server place) throws SQLException, StepFailed, InterruptedException {
        try (Connection connection = place.admin()) {
            SchemaPicture picture = SchemaPicture.of(connection);
            // Files are numbered by each database for itself.
            return new Outcome(
                    new SchemaPicture(picture.objects(), Set.of(), picture.invalid()),
                    definitions(),
                    tool.account(connection));
        }
    }

    private SchemaDump definitions() throws StepFailed, InterruptedException {
        try {
            Path file = Files.createTempFile("pgrehearse-", ".sql");
            try {
                List<String> command = new ArrayList<>(dump(COPY));
                command.addAll(List.of("--file", file.toString()));
                new Programs(rig, OwnSteps.DEADLINE).require(List.of(command));
                return SchemaDump.of(Files.readString(file));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new StepFailed(
                    "Cannot read the schema of a copy: " + e.getMessage()
                            + ". Check that the folder for temporary files is writable.",
                    e);
        }
    }

    private List<String> dump(String database) {
        List<String> command = new ArrayList<>(List.of(
                rig.clients().program("pg_dump", server.majorVersion()).toString(), "--schema-only", "-d", database));
        command.addAll(where());
        return command;
    }

    private List<String> where() {
        return List.of("-h", server.host(), "-p", Integer.toString(server.port()), "-U", server.adminRole());
    }

    /** A database with the schema that the migrations begin from, and as many rows as are wanted. */
    private void template() throws SQLException, StepFailed, InterruptedException {
        drop();
        Sql.run(server, "CREATE DATABASE " + TEMPLATE + " TEMPLATE template0");
        List<String> write = new ArrayList<>(List.of("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", TEMPLATE));
        write.addAll(where());
        new Programs(rig, OwnSteps.DEADLINE).require(List.of(dump(server.database()), write));
        if (withRows()) {
            try (Connection from = server.admin();
                    Connection to = server.admin(TEMPLATE)) {
                new RowCopy(rig, from, to, arguments.text("rows")).run();
            }
        }
    }

    private void copy() throws SQLException, InterruptedException, StepFailed {
        endSessions("true");
        Sql.run(server, "DROP DATABASE IF EXISTS " + COPY, "CREATE DATABASE " + COPY + " TEMPLATE " + TEMPLATE);
    }

    private void endSessions(String whose) throws SQLException, StepFailed, InterruptedException {
        // In the list, not among the conditions: a server may ask those of sessions of other databases, too.
        String sessions = "SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE datname = '" + COPY
                + "' AND " + whose;
        Waiting.until(
                rig,
                GONE_MAX,
                "That the sessions of " + tool.word() + " have ended",
                () -> Sql.value(server, sessions).filter("0"::equals));
    }

    private void drop() throws SQLException {
        for (String database : List.of(COPY, UNDISTURBED, TEMPLATE)) {
            Sql.run(
                    server,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'",
                    "DROP DATABASE IF EXISTS " + database);
        }
    }
}

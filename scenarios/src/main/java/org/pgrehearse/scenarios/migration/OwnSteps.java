package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.absent;
import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** The steps that say what to do in the user's own words: statements, scripts, programs, and questions. */
final class OwnSteps {
    /** What ends these steps when the file says nothing. */
    static final Duration DEADLINE = Duration.ofMinutes(10);

    private static final Shape.Argument ON = choice("on", "source", "target");
    private static final Shape.Argument ROLE = absent("role", ArgumentKind.TEXT);
    private static final Shape.Argument DATABASE = absent("database", ArgumentKind.TEXT);
    private static final Shape.Argument QUERY = required("query", ArgumentKind.TEXT);
    private static final Shape.Argument IS = optional("is", ArgumentKind.TEXT, "true");

    private OwnSteps() {}

    static List<Step> steps() {
        List<Step> steps = new ArrayList<>(MigrationTools.steps());
        steps.addAll(List.of(
                new Step(
                        Shape.of(
                                        "sql",
                                        "Execute statements",
                                        ON,
                                        absent("text", ArgumentKind.TEXT),
                                        absent("file", ArgumentKind.TEXT),
                                        ROLE,
                                        DATABASE)
                                .exactlyOne("text", "file"),
                        OwnSteps::sql),
                new Step(
                        Shape.of(
                                "psql",
                                "Run psql with a script, until its first error",
                                ON,
                                required("file", ArgumentKind.TEXT),
                                absent("variables", ArgumentKind.VARIABLES),
                                ROLE,
                                DATABASE),
                        OwnSteps::psql),
                Scripts.step(),
                PgSlice.step(),
                new Step(
                        Shape.of(
                                        "exec",
                                        "Run a program",
                                        ON,
                                        absent("command", ArgumentKind.TEXTS),
                                        absent("shell", ArgumentKind.TEXT),
                                        absent("env", ArgumentKind.VARIABLES))
                                .exactlyOne("command", "shell"),
                        OwnSteps::exec),
                new Step(
                        Shape.of(
                                "wait-until",
                                "Ask a query until it gives a value",
                                ON,
                                QUERY,
                                IS,
                                ROLE,
                                DATABASE,
                                optional("deadline", ArgumentKind.DURATION, "60s")),
                        OwnSteps::waitUntil),
                new Step(
                        Shape.of("check", "Fail unless a query gives a value now", ON, QUERY, IS, ROLE, DATABASE),
                        OwnSteps::check),
                Compare.step(),
                new Step(
                        Shape.of("pause", "Do nothing for a while", required("for", ArgumentKind.DURATION)),
                        OwnSteps::pause)));
        return List.copyOf(steps);
    }

    /** Whether a step of that name runs something of the user's, which may never end by itself. */
    static boolean mayRunForever(String step) {
        return MigrationTools.mayRunForever(step)
                || List.of("sql", "psql", "scripts", PgSlice.WORD, "exec", "check", "compare")
                        .contains(step);
    }

    private static Step.Done sql(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        String text = arguments.given("text").orElse("");
        Optional<String> file = arguments.given("file");
        if (file.isPresent()) {
            text = read(rig.places().start().resolve(file.get()));
        }
        try (Connection connection = connect(rig, arguments);
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
            return Step.Done.of(where(arguments));
        }
    }

    private static String read(Path file) throws StepFailed {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StepFailed(
                    "Cannot read " + file + ": " + e.getMessage() + ". Relative names lead from the scenario's folder.",
                    e);
        }
    }

    private static Connection connect(Rig rig, Arguments arguments) throws SQLException {
        Server server = server(rig, arguments);
        Connection connection = server.admin(arguments.given("database").orElse(server.database()));
        try {
            Optional<String> role = arguments.given("role");
            if (role.isPresent()) {
                Sql.run(connection, "SET ROLE " + Sql.identifier(role.get()));
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    static Server server(Rig rig, Arguments arguments) {
        return arguments.text("on").equals("target") ? rig.target() : rig.source();
    }

    private static String where(Arguments arguments) {
        return "on the " + arguments.text("on")
                + arguments.given("database").map(name -> ", database " + name).orElse("")
                + arguments.given("role").map(name -> ", as " + name).orElse("");
    }

    private static Step.Done psql(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        List<String> command = new ArrayList<>(List.of(psql(rig), "-X", "-v", "ON_ERROR_STOP=1"));
        for (String variable : arguments.list("variables")) {
            command.addAll(List.of("-v", variable));
        }
        command.addAll(List.of("-f", arguments.text("file")));
        Map<String, String> variables = variables(rig, arguments);
        arguments.given("database").ifPresent(name -> variables.put("PGDATABASE", name));
        arguments.given("role").ifPresent(name -> variables.put("PGUSER", name));
        return Step.Done.of(where(arguments) + "; " + Program.run(rig, "psql", command, variables));
    }

    /** The machine's own; that it lacks one is a fact about the machine and says nothing of the migration. */
    static String psql(Rig rig) {
        return rig.clients().other("psql", "postgresql-client").toString();
    }

    private static Step.Done exec(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        Map<String, String> variables = variables(rig, arguments);
        for (String variable : arguments.list("env")) {
            int equals = variable.indexOf('=');
            variables.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        List<String> command =
                arguments.given("shell").map(line -> List.of("sh", "-c", line)).orElse(arguments.list("command"));
        return Step.Done.of(Program.run(rig, "exec", command, variables));
    }

    /** How a program finds the servers; libpq's variables lead to the side that the step names. */
    static Map<String, String> variables(Rig rig, Arguments arguments) {
        Server server = server(rig, arguments);
        Map<String, String> variables = new LinkedHashMap<>();
        Rig.Address address = rig.programsReach(server.side());
        variables.put("PGHOST", address.host());
        variables.put("PGPORT", Integer.toString(address.port()));
        variables.put("PGDATABASE", server.database());
        variables.put("PGUSER", server.adminRole());
        variables.putAll(server.programVariables());
        variables.put("PGREHEARSE_SOURCE", url(rig, rig.source()));
        if (rig.hasTarget()) {
            variables.put("PGREHEARSE_TARGET", url(rig, rig.target()));
        }
        return variables;
    }

    /** Where a program finds a server, without a password. */
    static String url(Rig rig, Server server) {
        Rig.Address address = rig.programsReach(server.side());
        return "postgresql://" + server.adminRole() + "@" + address.host() + ":" + address.port() + "/"
                + server.database();
    }

    private static Step.Done waitUntil(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        try (Connection connection = connect(rig, arguments)) {
            String value = Waiting.until(
                    rig,
                    arguments.duration("deadline"),
                    "That \"" + arguments.text("query") + "\" is " + arguments.text("is"),
                    () -> Sql.value(connection, arguments.text("query")).filter(seen -> isWanted(arguments, seen)));
            return Step.Done.of("it is " + value + " " + where(arguments));
        }
    }

    private static Step.Done check(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        try (Connection connection = connect(rig, arguments)) {
            Optional<String> seen = Sql.value(connection, arguments.text("query"));
            if (seen.filter(value -> isWanted(arguments, value)).isEmpty()) {
                throw new StepFailed("\"" + arguments.text("query") + "\" gives " + seen.orElse("nothing") + " "
                        + where(arguments) + ", not " + arguments.text("is") + ".");
            }
            return Step.Done.of("it is " + seen.get() + " " + where(arguments));
        }
    }

    /** PostgreSQL writes the truth as t. */
    private static boolean isWanted(Arguments arguments, String seen) {
        String wanted = arguments.text("is");
        return seen.equals(wanted)
                || (wanted.equals("true") && seen.equals("t"))
                || (wanted.equals("false") && seen.equals("f"));
    }

    private static Step.Done pause(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        Waiting.pause(rig, arguments.duration("for"));
        return Step.Done.of("");
    }
}

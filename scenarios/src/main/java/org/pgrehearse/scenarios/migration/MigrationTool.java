package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.absent;
import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** A program that applies migrations in their order and keeps an account of them in the database. */
sealed interface MigrationTool permits PsqlTool, FlywayTool, LiquibaseTool, GolangMigrateTool {
    /** The word of its step, and the name that its sessions have. */
    String word();

    /** Its step in a scenario file. */
    Shape shape();

    /**
     * Fails with an {@link org.pgrehearse.scenarios.environment.EnvironmentException} that says how to get it where it
     * is missing.
     */
    void require(ClientPrograms programs);

    /** Where its migrations are, relative to the scenario's folder; empty when the scenario holds them itself. */
    Optional<String> place(Arguments arguments);

    /** The place of migrations that the scenario holds itself: the folder they were written to, or one of its files. */
    default Path place(Path folder, List<String> names) {
        return folder;
    }

    /**
     * Commands that apply what is not applied yet, one after the other.
     *
     * @param log takes what the process tells of each migration, where the tool can do so
     * @param place the folder or file of its migrations
     */
    List<Command> commands(ClientPrograms programs, Arguments arguments, Server server, Path place, Path log)
            throws SQLException, StepFailed;

    /** What its account says: one line for each migration; empty when it has none. */
    List<String> account(Connection connection) throws SQLException;

    /** What the names of the tables of its account have in common; its changes are not the user's. */
    default Optional<String> ownTables() {
        return Optional.empty();
    }

    /** Takes a lock out of its account that a killed run left, as an operator does; false where it has none. */
    default boolean release(Connection connection) throws SQLException {
        return false;
    }

    /** What in its account keeps the next run from starting. */
    Optional<String> obstacle(Connection connection) throws SQLException;

    /** Arguments that every tool's step has. */
    static Shape shape(String word, String description, String place, Shape.Argument own) {
        return Shape.of(
                        word,
                        description,
                        choice("on", "source", "target"),
                        absent(place, ArgumentKind.TEXT),
                        absent("files", ArgumentKind.TEXTS),
                        own,
                        absent("kill-when", ArgumentKind.TEXT))
                .exactlyOne(place, "files");
    }

    /**
     * A command of a tool.
     *
     * @param migration the one migration that it applies; empty when the process tells that itself
     */
    record Command(Optional<String> migration, List<String> words) {
        public Command {
            words = List.copyOf(words);
        }
    }

    /** The answers to a query on a table of the account, whose name takes the place of {@code %s}; none without it. */
    static List<String> told(Connection connection, String table, String query) throws SQLException {
        Optional<String> found = table(connection, table);
        return found.isEmpty() ? List.of() : Sql.values(connection, query.formatted(found.get()));
    }

    /** The qualified name of a table of that name outside system schemas. */
    static Optional<String> table(Connection connection, String name) throws SQLException {
        return Sql.value(
                connection,
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                        + " WHERE c.relname = ? AND c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%'"
                        + " ORDER BY n.nspname <> 'public' LIMIT 1",
                name);
    }
}

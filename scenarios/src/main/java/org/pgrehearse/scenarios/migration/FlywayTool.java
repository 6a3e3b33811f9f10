package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.absent;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** Flyway, on a folder of SQL migrations. */
record FlywayTool() implements MigrationTool {
    static final String WORD = "flyway";
    private static final String HISTORY = "flyway_schema_history";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Shape shape() {
        return MigrationTool.shape(
                WORD,
                "Migrate with Flyway, and tell what each migration changed",
                "path",
                absent("options", ArgumentKind.TEXTS));
    }

    @Override
    public void require(ClientPrograms programs) {
        ToolJvm.require("Flyway", "/org/flywaydb/core/Flyway.class");
    }

    @Override
    public Optional<String> place(Arguments arguments) {
        return arguments.given("path");
    }

    @Override
    public List<Command> commands(ClientPrograms programs, Arguments arguments, Server server, Path place, Path log)
            throws StepFailed {
        List<String> words = new ArrayList<>(List.of(log.toString(), place.toString()));
        for (String option : arguments.list("options")) {
            if (!option.matches("(?s)flyway\\.[^=]+=.*")) {
                throw new StepFailed("Cannot give Flyway the option \"" + option
                        + "\": it is not flyway.NAME=VALUE. Write it as in flyway.conf.");
            }
            words.add(option);
        }
        return List.of(new Command(Optional.empty(), ToolJvm.command(FlywayProcess.class, List.of(), words)));
    }

    @Override
    public List<String> account(Connection connection) throws SQLException {
        return MigrationTool.told(
                connection,
                HISTORY,
                "SELECT coalesce(version, 'repeatable') || ' ' || script || CASE WHEN success THEN ''"
                        + " ELSE ' FAILED' END FROM %s WHERE type = 'SQL' ORDER BY installed_rank");
    }

    @Override
    public Optional<String> ownTables() {
        return Optional.of(HISTORY);
    }

    @Override
    public Optional<String> obstacle(Connection connection) throws SQLException {
        return MigrationTool.told(
                        connection,
                        HISTORY,
                        "SELECT 'failed rows in " + HISTORY + ": ' || string_agg(script, ', ' ORDER BY installed_rank)"
                                + " || '. Undo what they left, then run flyway repair' FROM %s WHERE NOT success")
                .stream()
                .findFirst();
    }
}

package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.absent;

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

/** Liquibase, on a changelog. */
record LiquibaseTool() implements MigrationTool {
    static final String WORD = "liquibase";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Shape shape() {
        return MigrationTool.shape(
                WORD,
                "Update with Liquibase, and tell what each change set changed",
                "changelog",
                absent("options", ArgumentKind.TEXTS));
    }

    @Override
    public void require(ClientPrograms programs) {
        ToolJvm.require("Liquibase", "/liquibase/Scope.class");
    }

    @Override
    public Optional<String> place(Arguments arguments) {
        return arguments.given("changelog").or(() -> arguments.given("path"));
    }

    @Override
    public Path place(Path folder, List<String> names) {
        return folder.resolve(names.getFirst());
    }

    @Override
    public List<Command> commands(ClientPrograms programs, Arguments arguments, Server server, Path place, Path log)
            throws StepFailed {
        for (String option : arguments.list("options")) {
            if (!option.matches("(?s)liquibase\\.[^=]+=.*")) {
                throw new StepFailed("Cannot give Liquibase the option \"" + option
                        + "\": it is not liquibase.NAME=VALUE. Write it as in liquibase.properties.");
            }
        }
        return List.of(new Command(
                Optional.empty(),
                ToolJvm.command(
                        LiquibaseProcess.class, arguments.list("options"), List.of(log.toString(), place.toString()))));
    }

    @Override
    public List<String> account(Connection connection) throws SQLException {
        return MigrationTool.told(
                connection, "databasechangelog", "SELECT author || ':' || id FROM %s ORDER BY orderexecuted");
    }

    @Override
    public Optional<String> ownTables() {
        return Optional.of("databasechangelog");
    }

    @Override
    public Optional<String> obstacle(Connection connection) throws SQLException {
        return MigrationTool.told(
                        connection,
                        "databasechangeloglock",
                        "SELECT 'databasechangeloglock is held by ' || coalesce(lockedby, 'nobody known') || ' since '"
                                + " || coalesce(lockgranted::text, 'an unknown time') || '; if that process is gone,"
                                + " every later run waits in vain: run liquibase release-locks' FROM %s WHERE locked")
                .stream()
                .findFirst();
    }

    @Override
    public boolean release(Connection connection) throws SQLException {
        Optional<String> lock = MigrationTool.table(connection, "databasechangeloglock");
        if (lock.isPresent()) {
            Sql.run(connection, "UPDATE " + lock.get() + " SET locked = false, lockedby = NULL, lockgranted = NULL");
        }
        return lock.isPresent();
    }
}

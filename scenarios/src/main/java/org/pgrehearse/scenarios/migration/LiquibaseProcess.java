package org.pgrehearse.scenarios.migration;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.Objects;
import liquibase.Scope;
import liquibase.changelog.ChangeSet;
import liquibase.changelog.DatabaseChangeLog;
import liquibase.changelog.visitor.AbstractChangeExecListener;
import liquibase.command.CommandScope;
import liquibase.command.core.UpdateCommandStep;
import liquibase.command.core.helpers.ChangeExecListenerCommandStep;
import liquibase.command.core.helpers.DbUrlConnectionArgumentsCommandStep;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.CommandExecutionException;
import liquibase.resource.DirectoryResourceAccessor;

/** Liquibase in a process of its own, so that it can be killed like anybody's: {@code LOG CHANGELOG}. */
final class LiquibaseProcess {
    private LiquibaseProcess() {}

    /** Updates, and ends with an exception when Liquibase does. */
    public static void main(String[] arguments) throws Exception {
        MigrationLog log = new MigrationLog(Path.of(arguments[0]));
        Path changelog = Path.of(arguments[1]).toAbsolutePath();
        Path folder = Objects.requireNonNull(changelog.getParent());
        try (Connection connection = MigrationLog.connect(LiquibaseTool.WORD)) {
            Database database =
                    DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
            CommandScope update = new CommandScope(UpdateCommandStep.COMMAND_NAME)
                    .addArgumentValue(DbUrlConnectionArgumentsCommandStep.DATABASE_ARG, database)
                    .addArgumentValue(UpdateCommandStep.CHANGELOG_FILE_ARG, String.valueOf(changelog.getFileName()))
                    .addArgumentValue(ChangeExecListenerCommandStep.CHANGE_EXEC_LISTENER_ARG, new Teller(log));
            Scope.child(Map.of(Scope.Attr.resourceAccessor.name(), new DirectoryResourceAccessor(folder)), () -> {
                try {
                    update.execute();
                } catch (CommandExecutionException e) {
                    log.failed(LiquibaseTool.WORD, String.valueOf(e.getMessage()));
                    throw e;
                }
            });
        }
    }

    /** Writes down what each change set changed, as the session that applies it sees it. */
    private static final class Teller extends AbstractChangeExecListener {
        private final MigrationLog log;

        Teller(MigrationLog log) {
            this.log = log;
        }

        @Override
        public void willRun(
                ChangeSet set, DatabaseChangeLog changes, Database database, ChangeSet.RunStatus runStatus) {
            log.begin(name(set), connection(database));
        }

        @Override
        public void ran(ChangeSet set, DatabaseChangeLog changes, Database database, ChangeSet.ExecType execType) {
            log.done(name(set), connection(database));
        }

        private static String name(ChangeSet set) {
            return set.getAuthor() + ":" + set.getId();
        }

        private static Connection connection(Database database) {
            return ((JdbcConnection) database.getConnection()).getUnderlyingConnection();
        }
    }
}

package org.pgrehearse.scenarios.migration;

import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** psql on each script of a folder in the order of their names: a tool without an account of what is applied. */
record PsqlTool() implements MigrationTool {
    static final String WORD = "psql";

    @Override
    public String word() {
        return WORD;
    }

    @Override
    public Shape shape() {
        return Scripts.step().shape();
    }

    @Override
    public void require(ClientPrograms programs) {
        programs.installed(WORD, "Debian and Ubuntu: apt-get install postgresql-client");
    }

    @Override
    public Optional<String> place(Arguments arguments) {
        return arguments.given("path");
    }

    @Override
    public List<Command> commands(ClientPrograms programs, Arguments arguments, Server server, Path place, Path log)
            throws StepFailed {
        List<Command> commands = new ArrayList<>();
        for (Path script : Scripts.scripts(place)) {
            commands.add(new Command(
                    Optional.of(String.valueOf(script.getFileName())),
                    List.of(WORD, "-X", "-v", "ON_ERROR_STOP=1", "-f", script.toString())));
        }
        return commands;
    }

    @Override
    public List<String> account(Connection connection) {
        return List.of();
    }

    @Override
    public Optional<String> obstacle(Connection connection) {
        return Optional.empty();
    }
}

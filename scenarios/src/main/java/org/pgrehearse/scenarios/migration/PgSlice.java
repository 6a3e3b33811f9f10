package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** pgslice: by its own command where that is installed, and by the statements that stand beside it where it is not. */
final class PgSlice {
    static final String WORD = "pgslice";

    private PgSlice() {}

    static Step step() {
        return new Step(
                Shape.of(
                        WORD,
                        "Run a command of pgslice, or its statements where pgslice is not installed",
                        choice("on", "source", "target"),
                        required("command", ArgumentKind.TEXT),
                        required("sql", ArgumentKind.TEXT)),
                PgSlice::run);
    }

    private static Step.Done run(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        Server server = OwnSteps.server(rig, arguments);
        Optional<Path> program = rig.clients().find(WORD);
        if (program.isEmpty()) {
            try (Connection connection = server.admin();
                    Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(arguments.text("sql"));
            }
            return Step.Done.of(
                    "pgslice is not installed here; its statements were executed on the " + arguments.text("on"));
        }
        List<String> command = new ArrayList<>(List.of(program.get().toString()));
        command.addAll(List.of(arguments.text("command").strip().split("\\s+")));
        command.addAll(List.of("--url", OwnSteps.url(rig, server)));
        return Step.Done.of("on the " + arguments.text("on") + "; "
                + Program.run(rig, WORD, command, OwnSteps.variables(rig, arguments)));
    }
}

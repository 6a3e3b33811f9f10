package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/**
 * The user's folder of SQL scripts, run one after the other as a deployment would, and what each did to the schema:
 * what came and went, which tables were rewritten, and what a script that failed left behind.
 */
final class Scripts {
    private static final int SCRIPTS_MAX = 10_000;

    private Scripts() {}

    static Step step() {
        return new Step(
                Shape.of(
                        "scripts",
                        "Run SQL scripts with psql in the order of their names, and tell what each changed",
                        choice("on", "source", "target"),
                        required("path", ArgumentKind.TEXT)),
                Scripts::run);
    }

    private static Step.Done run(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException {
        Server server = OwnSteps.server(rig, arguments);
        List<String> told = new ArrayList<>();
        for (Path script : scripts(rig.places().start().resolve(arguments.text("path")))) {
            String name = String.valueOf(script.getFileName());
            SchemaPicture before = SchemaPicture.of(server);
            try {
                Program.run(
                        rig,
                        "scripts",
                        List.of(OwnSteps.psql(rig), "-X", "-v", "ON_ERROR_STOP=1", "-e", "-f", script.toString()),
                        OwnSteps.variables(rig, arguments));
            } catch (StepFailed e) {
                String left = SchemaPicture.of(server).told(before);
                throw new StepFailed(
                        name + " failed, and "
                                + (left.isEmpty() ? "left the schema as it was" : "is half applied: it left " + left)
                                + ". " + before(told) + e.getMessage(),
                        e);
            }
            SchemaPicture after = SchemaPicture.of(server);
            if (!after.invalid().isEmpty()) {
                throw new StepFailed(name + " reported success, and there is an INVALID index: "
                        + String.join(", ", new TreeSet<>(after.invalid()))
                        + ". No query uses it, and writes pay for it. Drop it, and create it again.");
            }
            String changes = after.told(before);
            told.add(name + ": " + (changes.isEmpty() ? "no change of the schema" : changes));
        }
        return Step.Done.of(String.join("; ", told));
    }

    private static String before(List<String> told) {
        return told.isEmpty() ? "" : "Scripts before it are applied: " + String.join("; ", told) + ". ";
    }

    /** The file itself, or every .sql file of the folder in the order of their names. */
    static List<Path> scripts(Path place) throws StepFailed {
        if (Files.isRegularFile(place)) {
            return List.of(place);
        }
        try (Stream<Path> files = Files.list(place)) {
            List<Path> scripts = files.filter(file -> file.toString().endsWith(".sql"))
                    .sorted()
                    .limit(SCRIPTS_MAX)
                    .toList();
            if (scripts.isEmpty()) {
                throw new StepFailed("Cannot run scripts: " + place + " holds no .sql file. Name another folder.");
            }
            return scripts;
        } catch (IOException e) {
            throw new StepFailed(
                    "Cannot read " + place + ": " + e.getMessage()
                            + ". Name a file or a folder; relative names lead from the scenario's folder.",
                    e);
        }
    }
}

package org.pgrehearse.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.pgrehearse.scenarios.RehearsalWords;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Nearest;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.EnvironmentSpec;
import org.pgrehearse.scenarios.spec.ScenarioReader;

/** Scenarios as a user names them: a name of the catalogue, a file, or SQL to rehearse. */
final class Scenarios {
    private Scenarios() {}

    /** Where relative paths of a scenario lead from: its file's folder, or the current one for the catalogue's. */
    static Path folder(String nameOrFile) {
        Path file = Path.of(nameOrFile).toAbsolutePath().normalize();
        Path parent = file.getParent();
        return Catalogue.names().contains(nameOrFile) || parent == null
                ? Path.of("").toAbsolutePath()
                : parent;
    }

    /** The environment that a word or a file means, in place of a scenario's. */
    static EnvironmentSpec environment(String kindOrFile, EnvironmentSpec replaced)
            throws IOException, InvalidScenario {
        if (kindOrFile.equals("embedded") || kindOrFile.equals("local")) {
            return replaced.of(kindOrFile);
        }
        Path file = Path.of(kindOrFile);
        if (!Files.isRegularFile(file)) {
            throw new UsageException("Cannot rehearse in the environment \"" + kindOrFile
                    + "\": it is neither embedded nor local, and no such file is there. Name a YAML file with kind,"
                    + " source and target.");
        }
        return ScenarioReader.readEnvironment(kindOrFile, Files.readString(file));
    }

    static Scenario load(String nameOrFile) throws IOException, InvalidScenario {
        ScenarioReader reader = new ScenarioReader(RehearsalWords.vocabulary());
        Optional<String> ofCatalogue = Catalogue.yaml(nameOrFile);
        if (ofCatalogue.isPresent()) {
            return reader.read(nameOrFile, ofCatalogue.get());
        }
        Path file = Path.of(nameOrFile);
        if (Files.exists(file) && ScriptScenario.isMeant(file)) {
            return reader.read(nameOrFile, ScriptScenario.yaml(file));
        }
        if (!Files.isRegularFile(file)) {
            String hint = Nearest.to(nameOrFile, Catalogue.names())
                    .map(near -> "Did you mean \"" + near + "\"?")
                    .orElse("Name a file, or one of: " + String.join(", ", Catalogue.names()) + ".");
            throw new UsageException("Cannot find a scenario \"" + nameOrFile + "\". " + hint);
        }
        return reader.read(nameOrFile, Files.readString(file));
    }
}

package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.scenarios.RehearsalWords;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Installations;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;

/** What Bucardo needs, on machines that lack some of it; nothing is started. */
final class NeedsTest {
    private static final Installations NONE = major -> {
        throw new EnvironmentException("no server of version " + major);
    };

    @TempDir
    private Path root;

    @Test
    void a_missing_program_is_told_with_its_package() throws InvalidScenario {
        ClientPrograms nothing = ClientPrograms.detect(Map.of(), root);
        Needs needs = new Bucardo().needs(cutover());
        assertThatThrownBy(() -> needs.require(13, 15, nothing, NONE))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot find bucardo on this machine. Install it (Debian and Ubuntu: apt-get install"
                        + " bucardo) and run again.");
    }

    @Test
    void only_the_target_must_have_the_language() throws Exception {
        Path programs = Files.createDirectories(root.resolve("usr/lib/postgresql/15/bin"));
        for (String program : List.of("bucardo", "psql")) {
            assertThat(Files.createFile(programs.resolve(program)).toFile().setExecutable(true))
                    .isTrue();
        }
        ClientPrograms both = ClientPrograms.detect(Map.of(), root);
        Needs needs = new Bucardo().needs(cutover());
        assertThatThrownBy(() -> needs.require(13, 15, both, NONE))
                .hasMessageContaining("Cannot load plperl into PostgreSQL 15")
                .hasMessageContaining("apt-get install postgresql-plperl-15");
    }

    @Test
    void only_the_target_comes_from_the_machine() throws InvalidScenario {
        List<String> asked = new ArrayList<>();
        Needs needs = new Bucardo().needs(cutover());
        Installations from = needs.from(13, 15, recording("usual", asked), recording("installed", asked));
        assertThatThrownBy(() -> from.installation(13)).isInstanceOf(EnvironmentException.class);
        assertThatThrownBy(() -> from.installation(15)).isInstanceOf(EnvironmentException.class);
        assertThat(asked).containsExactly("usual 13", "installed 15");
    }

    private static Installations recording(String name, List<String> asked) {
        return major -> {
            asked.add(name + " " + major);
            throw new EnvironmentException("nothing is here");
        };
    }

    private static Scenario cutover() throws InvalidScenario {
        return new ScenarioReader(RehearsalWords.vocabulary())
                .read("bucardo-cutover", Catalogue.yaml("bucardo-cutover").orElseThrow());
    }
}

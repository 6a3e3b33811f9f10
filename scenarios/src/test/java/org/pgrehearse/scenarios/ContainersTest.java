package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.environment.DockerPlan;
import org.pgrehearse.scenarios.environment.DockerPlan.ContainerPlan;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.spec.ScenarioWriter;

/** The words of containers, and what is refused before any starts. */
final class ContainersTest {
    private static final String STEADY = "runbook: [{phase: steady, steps: [{wait: {for: 1s}}]}]\n";

    @Test
    void every_word_is_read_and_written_again() throws InvalidScenario {
        Scenario scenario = read("""
                environment:
                  kind: docker
                  source: {image: "registry:5000/own/postgres:15", cpus: 1.5, memory: 1GiB, shm: 256MiB,
                           settings: {work_mem: 8MB}}
                  target: {image: "postgres:17"}
                  toxiproxy: {image: "toxi:1"}
                """, STEADY);

        DockerPlan expected = new DockerPlan(
                new ContainerPlan(
                        "registry:5000/own/postgres:15", 1.5, 1L << 30, 256L << 20, Map.of("work_mem", "8MB")),
                ContainerPlan.of("postgres:17"),
                "toxi:1");
        assertThat(scenario.environment().docker()).isEqualTo(expected);
        Scenario again = new ScenarioReader(RehearsalWords.vocabulary()).read("again", ScenarioWriter.write(scenario));
        assertThat(again.environment()).isEqualTo(scenario.environment());
    }

    @Test
    void the_example_in_the_docs_can_be_run() throws Exception {
        String docs = Files.readString(Path.of("..", "docs", "environments.md"));
        Matcher example =
                Pattern.compile("(?s)\n## Docker\n\n```yaml\n(.*?)```").matcher(docs);
        assertThat(example.find()).isTrue();
        assertThat(read(example.group(1), STEADY).environment().docker()).isNotNull();
    }

    @Test
    void another_environment_has_the_usual_versions() throws InvalidScenario {
        Scenario.EnvironmentSpec embedded =
                read("environment: {kind: docker}\n", STEADY).environment().of("embedded");
        assertThat(embedded).isEqualTo(new Scenario.EnvironmentSpec("embedded", 15, 17));
    }

    @Test
    void images_have_defaults_and_wrong_words_are_told_together() throws InvalidScenario {
        assertThat(read("environment: {kind: docker}\n", STEADY).environment().docker())
                .isEqualTo(new DockerPlan(ContainerPlan.of("postgres:15"), ContainerPlan.of("postgres:17")));
        assertThatThrownBy(() -> read("""
                        environment: {kind: docker, source: {image: "no image", cpus: 0, memory: 1MiB, disk: 1}}
                        """, STEADY))
                .isInstanceOf(InvalidScenario.class)
                .hasMessageContaining("\"no image\" is not the name of an image such as postgres:15")
                .hasMessageContaining("\"0\" is not a number of processors")
                .hasMessageContaining("\"1MiB\" is not a size of at least 64MiB")
                .hasMessageContaining("environment.source.disk");
    }

    @Test
    void systems_and_steps_and_faults_that_need_the_machine_are_refused_with_a_sentence() throws InvalidScenario {
        String docker = "environment: {kind: docker}\n";
        assertRefused(
                read(docker, "migration: pgcopydb\n" + STEADY), true, "Cannot migrate with pgcopydb in containers");
        assertRefused(
                read(docker, "runbook: [{phase: p, steps: [{psql: {file: a.sql}}]}]\n"),
                true,
                "Cannot run the step psql in containers");
        assertRefused(
                read(docker, STEADY + "faults: [{name: f, fault: remove-wal, on: source, during: wait}]\n"),
                true,
                "Cannot inject the fault \"f\" in containers: remove-wal needs the server's files");
        Scenario kill = read(docker, STEADY + "faults: [{name: f, fault: kill, on: source, during: wait, for: 1s}]\n");
        assertThatCode(() -> refuse(kill, true)).doesNotThrowAnyException();
        assertRefused(kill, false, "kill signals the server's processes, which only root may do");
        Scenario wire = read(
                "environment: {kind: docker, toxiproxy: {image: t}}\n",
                STEADY + "faults: [{name: f, fault: at-commit, on: source, during: wait}]\n");
        assertRefused(wire, true, "at-commit reads the protocol, which Toxiproxy does not");
        assertThatThrownBy(() -> Containers.refuse(kill, plan(kill), true, true))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("environment.toxiproxy.image");
    }

    private static void assertRefused(Scenario scenario, boolean root, String start) {
        assertThatThrownBy(() -> refuse(scenario, root))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining(start);
    }

    private static void refuse(Scenario scenario, boolean root) {
        Containers.refuse(scenario, plan(scenario), false, root);
    }

    private static DockerPlan plan(Scenario scenario) {
        return Objects.requireNonNull(scenario.environment().docker());
    }

    private static Scenario read(String environment, String rest) throws InvalidScenario {
        return new ScenarioReader(RehearsalWords.vocabulary())
                .read("test", "name: test\n" + environment + rest + "expect: [lost-writes = 0]\n");
    }
}

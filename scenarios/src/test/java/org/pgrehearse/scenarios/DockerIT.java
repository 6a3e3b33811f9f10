package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Network;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.FaultControl;
import org.pgrehearse.chaos.Healing;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.environment.DockerEnvironment;
import org.pgrehearse.scenarios.environment.DockerPlan;
import org.pgrehearse.scenarios.environment.DockerPlan.ContainerPlan;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.RunServer;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.dockerclient.DockerClientProviderStrategy;

/** Rehearsals in containers of a real engine, with the images that {@code .ci/docker} makes. */
final class DockerIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final String POSTGRES = "pgrehearse-test/postgres:15";
    private static final String TOXIPROXY = "pgrehearse-test/toxiproxy:2.12";
    private static final String NO_POSTGRES = "pgrehearse-test/base:bookworm";
    private static final String KILLED =
            "faults:\n  - {name: killed, fault: kill, on: source, during: wait, after: 500ms, for: 500ms}\n";
    private static final String PID = "org.pgrehearse.run.pid";
    private static final String STARTED = "org.pgrehearse.run.started";

    @TempDir
    private Path logs;

    private final MemoryRecorder recorder = new MemoryRecorder();

    @BeforeAll
    static void requireEngineAndImages() {
        boolean there = hasImages();
        assertThat(!there && Boolean.getBoolean("pgrehearse.tests.complete"))
                .as("everything must be there, and the engine or the images of .ci/docker are missing")
                .isFalse();
        assumeThat(there).as(".ci/docker has been run").isTrue();
    }

    private static boolean hasImages() {
        try {
            for (String image : List.of(POSTGRES, TOXIPROXY, NO_POSTGRES)) {
                client().inspectImageCmd(image).exec();
            }
            return true;
        } catch (NotFoundException | IllegalStateException missing) {
            return false;
        }
    }

    @AfterEach
    void nothing_is_left() {
        assertThat(ours()).isEmpty();
        assertThat(networks(Long.toString(ProcessHandle.current().pid()))).isEmpty();
    }

    @Test
    void a_cutover_between_containers_survives_a_cut_link_and_a_killed_source() throws Exception {
        rehearsal("logical-cutover", "").run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).as(judgement.run().endingDetail()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(recorder.events(Event.Trouble.class)).isEmpty();
        assertThat(observed(judgement, "data")).isEqualTo(RunVerdict.PASSED);
        assertThat(observed(judgement, "sequences")).isEqualTo(RunVerdict.PASSED);
        assertThat(recorder.events(Event.FaultBit.class))
                .extracting(Event.FaultBit::name)
                .containsExactlyInAnyOrder("link-reset-in-copy", "link-reset-in-catch-up", "killed");
        assertThat(recorder.events(Event.FaultHealed.class)).hasSize(3).allMatch(Event.FaultHealed::healed);
        assertThat(recorder.events().toString()).doesNotContain("password=");
        assertThat(Files.readString(logs.resolve("source.log")))
                .contains("ready to accept connections", "was not properly shut down")
                .doesNotContain("password=");
        assertThat(logs.resolve("target.log")).isNotEmptyFile();
    }

    @Test
    void the_proxies_of_a_toxiproxy_in_the_network_are_used() throws Exception {
        rehearsal("logical-cutover", "  toxiproxy: {image: \"" + TOXIPROXY + "\"}\n")
                .run();

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).as(judgement.run().endingDetail()).isEqualTo(Ending.COMPLETED);
        assertThat(judgement.history().lost()).isZero();
        assertThat(recorder.events(Event.FaultBit.class))
                .filteredOn(bit -> bit.name().startsWith("link-reset"))
                .hasSize(2)
                .allSatisfy(bit -> assertThat(bit.evidence()).isEqualTo("a probe's connection was reset"));
        assertThat(Files.readString(logs.resolve("toxiproxy.log"))).contains("replication");
    }

    @Test
    void a_container_that_no_fault_took_ends_the_run_as_broken_with_its_log() throws Exception {
        Rehearsal rehearsal = rehearsal("null-run", "");
        Thread running = Thread.ofPlatform().start(rehearsal::run);
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .until(() -> rehearsal.live().phase().equals("steady"));
        ours().stream()
                .filter(container -> container.getNames()[0].endsWith("-source"))
                .forEach(container ->
                        client().killContainerCmd(container.getId()).exec());
        running.join(DEADLINE);

        Judgement judgement = Judge.judge(recorder.events());
        assertThat(judgement.run().ending()).isEqualTo(Ending.BROKEN);
        assertThat(judgement.run().endingDetail())
                .startsWith("The source server is gone, and no fault of the scenario took it. Its log is " + logs);
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(logs.resolve("source.log")).isNotEmptyFile();
    }

    @Test
    void a_signal_ends_a_run_in_order_and_removes_everything() throws Exception {
        Rehearsal rehearsal = rehearsal("null-run", "");
        Thread running = Thread.ofPlatform().start(rehearsal::run);
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .until(() -> rehearsal.live().phase().equals("steady"));
        assertThat(ours()).hasSize(2);

        rehearsal.stop();
        running.join(DEADLINE);

        assertThat(Judge.judge(recorder.events()).run().ending()).isEqualTo(Ending.INTERRUPTED);
        assertThat(logs.resolve("target.log")).isNotEmptyFile();
    }

    @Test
    void servers_keep_their_port_and_data_over_a_kill_and_dead_runs_leave_nothing() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        assertThat(dead.waitFor()).isZero();
        plant("dead", dead.pid());
        plant("alive", ProcessHandle.current().pid());
        List<String> progress = new ArrayList<>();
        ContainerPlan limited = new ContainerPlan(POSTGRES, 1.5, 512L << 20, 96L << 20, Map.of("work_mem", "7MB"));
        try (DockerEnvironment environment = DockerEnvironment.start(
                new DockerPlan(limited, ContainerPlan.of(POSTGRES)), List.of(), logs, progress::add)) {
            assertThat(progress)
                    .filteredOn(line -> line.contains("which a dead run has left"))
                    .hasSize(2)
                    .allMatch(line -> line.contains("pgrehearse-planted-dead"));
            assertThat(networks(Long.toString(dead.pid()))).isEmpty();
            assertThat(ours()).extracting(one -> one.getNames()[0]).contains("/pgrehearse-planted-alive");
            RunServer source = environment.source();
            assertThat(source.majorVersion()).isEqualTo(15);
            assertThat(answer(source, "SHOW work_mem")).isEqualTo("7MB");
            assertThat(answer(source, "SHOW wal_level")).isEqualTo("logical");
            assertLimits(source);

            killed(source);

            assertThat(answer(source, "SELECT n::text FROM kept")).isEqualTo("7");
            assertThat(environment.proxyHost()).isPresent().get().isNotEqualTo("0.0.0.0");
            assertThat(environment.login(source.side(), "shop_web").toString())
                    .contains("***")
                    .doesNotContain(
                            environment.replicationSecret(source.side()).strip().split("=", -1)[1]);
        } finally {
            unplant("alive");
        }
    }

    private static void killed(RunServer source) throws Exception {
        int port = source.port();
        try (Connection connection = source.admin();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)");
        }
        try (FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            FaultControl faults = FaultControl.embedded(proxy, List.of(source.control()), System::nanoTime);
            try (Healing _healing = faults.inject(new Fault.Kill("source"))) {
                assertThat(source.isAlive() && stillAlive(source)).isFalse();
            }
        }
        assertThat(source.isAlive()).isTrue();
        assertThat(source.port()).isEqualTo(port);
    }

    private static boolean stillAlive(RunServer server) {
        await().dontCatchUncaughtExceptions().atMost(DEADLINE).until(() -> !server.isAlive());
        return false;
    }

    private static void assertLimits(RunServer source) {
        var host = ours().stream()
                .filter(container -> container.getNames()[0].endsWith(
                        "-" + source.side().name().toLowerCase(Locale.ROOT)))
                .map(container ->
                        client().inspectContainerCmd(container.getId()).exec().getHostConfig())
                .findFirst()
                .orElseThrow();
        assertThat(host.getNanoCPUs()).isEqualTo(1_500_000_000L);
        assertThat(host.getMemory()).isEqualTo(512L << 20);
        assertThat(host.getShmSize()).isEqualTo(96L << 20);
    }

    @Test
    void an_image_that_is_not_there_is_named_with_the_command_that_fetches_it() {
        assertThatThrownBy(() -> started("pgrehearse-test/absent:1"))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("Cannot start a container of pgrehearse-test/absent:1: the engine has no such image."
                        + " Fetch it (docker pull pgrehearse-test/absent:1) and run again.");
    }

    @Test
    void an_image_that_is_no_postgresql_is_refused_and_leaves_nothing() {
        assertThatThrownBy(() -> started(NO_POSTGRES))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("Cannot start the source from " + NO_POSTGRES + ": ");
    }

    @Test
    void a_server_that_dies_at_its_start_is_told_with_the_end_of_its_log() {
        ContainerPlan wrong = new ContainerPlan(POSTGRES, 0, 0, 0, Map.of("no_such_setting", "1"));
        assertThatThrownBy(() -> DockerEnvironment.start(
                                new DockerPlan(wrong, ContainerPlan.of(POSTGRES)), List.of(), logs, line -> {})
                        .close())
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining("its container ended with code 1")
                .hasMessageContaining("unrecognized configuration parameter \"no_such_setting\"");
    }

    private void started(String image) {
        DockerPlan plan = new DockerPlan(ContainerPlan.of(image), ContainerPlan.of(POSTGRES));
        DockerEnvironment.start(plan, List.of(), logs, line -> {}).close();
    }

    private static String answer(RunServer server, String sql) throws Exception {
        try (Connection connection = server.admin();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private Rehearsal rehearsal(String name, String further) throws InvalidScenario {
        String yaml = Catalogue.yaml(name)
                .orElseThrow()
                .replaceFirst(
                        "(?m)^environment:.*\\n(?: .*\\n)*",
                        "environment:\n  kind: docker\n  source: {image: \"" + POSTGRES + "\"}\n  target: {image: \""
                                + POSTGRES + "\"}\n" + further)
                .replaceAll("orders: \\d+", "orders: 4000")
                .replace("    after: 300ms\n", "") // so little is copied sooner than that
                .replaceAll("rate: \\d+/s", "rate: 60/s")
                .replace("faults:\n", KILLED)
                .replace("migration:", "warm-up: 1s\ncool-down: 1s\nmigration:");
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read(name, yaml);
        Machine machine = Machine.detect();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, logs, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        return new Rehearsal(plan, recorder, line -> {});
    }

    private static RunVerdict observed(Judgement judgement, String name) {
        return judgement.expectations().stream()
                .filter(result -> result.name().equals(name))
                .findFirst()
                .orElseThrow()
                .verdict();
    }

    private static DockerClient client() {
        return DockerClientProviderStrategy.getClientForConfig(
                DockerClientFactory.instance().getTransportConfig());
    }

    private static List<Container> ours() {
        String self = Long.toString(ProcessHandle.current().pid());
        return client().listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(PID, self))
                .exec();
    }

    private static List<Network> networks(String pid) {
        return client().listNetworksCmd()
                .withFilter("label", List.of(PID + "=" + pid))
                .exec();
    }

    private static void plant(String name, long pid) {
        Instant started =
                ProcessHandle.of(pid).flatMap(one -> one.info().startInstant()).orElse(Instant.EPOCH);
        Map<String, String> labels = Map.of(PID, Long.toString(pid), STARTED, started.toString());
        String full = "pgrehearse-planted-" + name;
        client().createNetworkCmd().withName(full).withLabels(labels).exec();
        client().createContainerCmd(NO_POSTGRES)
                .withName(full)
                .withLabels(labels)
                .withCmd("true")
                .exec();
    }

    private static void unplant(String name) {
        String full = "pgrehearse-planted-" + name;
        client().removeContainerCmd(full).withForce(true).exec();
        client().removeNetworkCmd(full).exec();
    }
}

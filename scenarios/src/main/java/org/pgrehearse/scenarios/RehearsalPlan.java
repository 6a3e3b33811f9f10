package org.pgrehearse.scenarios;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.scenarios.environment.Installations;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioWriter;

/**
 * Everything one run is decided by.
 *
 * @param seed of all randomness: data, schedule and choices
 * @param logs folder that takes the servers' logs
 * @param machine where servers run
 * @param installations where their programs come from
 * @param toolVersion version of pgrehearse
 * @param startedAt by the wall clock
 * @param start where the user's own programs start and relative paths lead from: the scenario file's folder
 * @param toxiproxy the API of the Toxiproxy whose proxies are used; null for those inside this JVM
 * @param outside what servers of somebody else are reached and judged by
 */
public record RehearsalPlan(
        Scenario scenario,
        long seed,
        Path logs,
        Machine machine,
        Installations installations,
        String toolVersion,
        Instant startedAt,
        Path start,
        @Nullable InetSocketAddress toxiproxy,
        Outside outside) {
    /** A run whose scenario comes from no file: programs start in the current folder. */
    public RehearsalPlan(
            Scenario scenario,
            long seed,
            Path logs,
            Machine machine,
            Installations installations,
            String toolVersion,
            Instant startedAt) {
        this(
                scenario,
                seed,
                logs,
                machine,
                installations,
                toolVersion,
                startedAt,
                Path.of("").toAbsolutePath());
    }

    /** A run with fault proxies inside this JVM. */
    public RehearsalPlan(
            Scenario scenario,
            long seed,
            Path logs,
            Machine machine,
            Installations installations,
            String toolVersion,
            Instant startedAt,
            Path start) {
        this(scenario, seed, logs, machine, installations, toolVersion, startedAt, start, null, Outside.ofProcess());
    }

    /** The same run through proxies of a Toxiproxy, which counts no effects and knows no protocol. */
    public RehearsalPlan through(InetSocketAddress api) {
        return new RehearsalPlan(
                scenario, seed, logs, machine, installations, toolVersion, startedAt, start, api, outside);
    }

    /** The same run with what its caller says about servers of somebody else. */
    public RehearsalPlan with(Outside other) {
        return new RehearsalPlan(
                scenario, seed, logs, machine, installations, toolVersion, startedAt, start, toxiproxy, other);
    }

    /** The first event of the run's journal. */
    Event.RunOpened opening(long atNanos) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("java", System.getProperty("java.vm.name", "") + " " + Runtime.version());
        environment.put(
                "machine",
                System.getProperty("os.name", "") + " " + System.getProperty("os.version", "") + " "
                        + System.getProperty("os.arch", ""));
        environment.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        environment.put(
                "fault proxy",
                toxiproxy == null
                        ? "embedded"
                        : "Toxiproxy at " + toxiproxy.getHostString() + ":" + toxiproxy.getPort());
        environment.put("replay", "pgrehearse run scenario.yaml --seed " + seed);
        return new Event.RunOpened(
                atNanos,
                startedAt,
                toolVersion,
                scenario.name(),
                scenario.description(),
                seed,
                ScenarioWriter.write(scenario),
                scenario.expectations(),
                environment);
    }
}

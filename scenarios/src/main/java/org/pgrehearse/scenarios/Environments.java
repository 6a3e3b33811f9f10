package org.pgrehearse.scenarios;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Installations;
import org.pgrehearse.scenarios.environment.LocalInstallations;
import org.pgrehearse.scenarios.external.ExternalEnvironment;
import org.pgrehearse.scenarios.external.ExternalNeeds;
import org.pgrehearse.scenarios.external.ExternalPair;
import org.pgrehearse.scenarios.fault.FaultWords;
import org.pgrehearse.scenarios.migration.MigrationSystem;
import org.pgrehearse.scenarios.migration.MigrationTools;
import org.pgrehearse.scenarios.migration.Needs;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.ExternalSpec;

/** Where the servers of a run come from, by the word in its scenario. */
final class Environments {
    /** Connections of everybody but the load: the sentinel, promises, monitors, migrations. */
    private static final int CONNECTIONS_BESIDE = 150;

    private Environments() {}

    /**
     * Starts the environment of a plan, or finds it.
     *
     * @throws EnvironmentException when the machine, the servers or the environment lack what the scenario needs;
     *     nothing is left running then
     */
    static Environment open(RehearsalPlan plan, Consumer<String> progress) {
        String kind = plan.scenario().environment().kind();
        return switch (kind) {
            case "embedded" -> started(plan, plan.installations(), progress);
            case "local" -> started(plan, installed(), progress);
            case "external" -> found(plan, progress);
            case "docker" -> Containers.start(plan, progress);
            default -> throw new IllegalStateException("a checked scenario names no environment " + kind);
        };
    }

    private static Installations installed() {
        return LocalInstallations.detect(System.getenv(), Path.of("/"));
    }

    private static Environment started(RehearsalPlan plan, Installations usual, Consumer<String> progress) {
        Scenario scenario = plan.scenario();
        Needs needs = system(scenario).needs(scenario);
        int sourceMajor = scenario.environment().source();
        int targetMajor = scenario.environment().target();
        Installations installations = needs.from(sourceMajor, targetMajor, usual, installed());
        ClientPrograms programs = ClientPrograms.detect(System.getenv(), Path.of("/"));
        needs.require(sourceMajor, targetMajor > 0 ? targetMajor : sourceMajor, programs, installations);
        MigrationTools.require(scenario, programs);
        EmbeddedPlan servers = EmbeddedPlan.of(sourceMajor, targetMajor)
                .withSettings(connections(scenario))
                .withSettings(needs.settings())
                .withoutExitHook();
        for (Side side : Side.values()) {
            OptionalLong disk = fullDisk(scenario, side);
            servers = disk.isPresent() ? servers.withDisk(side, disk.getAsLong()) : servers;
        }
        return EmbeddedEnvironment.start(servers, plan.logs(), plan.machine(), installations, progress);
    }

    /** Room for every session of the load; without it many sessions would be refused by a server that has time. */
    private static Map<String, String> connections(Scenario scenario) {
        int sessions = scenario.load().applications().stream()
                .mapToInt(Scenario.ApplicationSpec::connections)
                .sum();
        return sessions + CONNECTIONS_BESIDE <= EmbeddedPlan.CONNECTIONS
                ? Map.of()
                : Map.of("max_connections", Integer.toString(sessions + CONNECTIONS_BESIDE));
    }

    private static Environment found(RehearsalPlan plan, Consumer<String> progress) {
        ExternalSpec spec = Objects.requireNonNull(plan.scenario().environment().external());
        ExternalNeeds needs = ExternalRules.needs(plan.scenario(), spec.proxyHost());
        Outside outside = plan.outside();
        return ExternalEnvironment.open(
                new ExternalPair(spec, outside.surroundings(), needs, outside.onProduction()), progress);
    }

    /** How large the disk of a side is to be for a fault that fills it, in bytes; empty when none does. */
    static OptionalLong fullDisk(Scenario scenario, Side side) {
        return FaultWords.diskBytes(scenario.faults(), side.name().toLowerCase(Locale.ROOT));
    }

    /** The migration system of a scenario that was checked. */
    static MigrationSystem system(Scenario scenario) {
        return MigrationSystem.named(scenario.migration())
                .orElseThrow(
                        () -> new IllegalStateException("a checked scenario names no system " + scenario.migration()));
    }
}

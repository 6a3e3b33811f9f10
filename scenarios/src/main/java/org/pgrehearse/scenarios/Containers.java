package org.pgrehearse.scenarios;

import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pgrehearse.scenarios.environment.DockerEnvironment;
import org.pgrehearse.scenarios.environment.DockerPlan;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.fault.FaultWords;
import org.pgrehearse.scenarios.migration.MigrationTools;
import org.pgrehearse.scenarios.migration.Needs;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;

/** What a scenario may ask of servers in containers, checked before any starts. */
final class Containers {
    private static final String ELSEWHERE = " Use the embedded or the local environment.";
    private static final Set<String> OF_FILES = Set.of("full-disk", "remove-wal", "clock-skew");
    private static final Set<String> OF_PROCESSES = Set.of("kill", "pause", "stop", "restart", "kill-backend");
    private static final Set<String> SYSTEMS = Set.of("none", "logical-replication");

    private Containers() {}

    /**
     * Starts the containers of a plan.
     *
     * @throws EnvironmentException when the scenario asks for what containers do not offer, or when they do not start
     */
    static Environment start(RehearsalPlan plan, Consumer<String> progress) {
        Scenario scenario = plan.scenario();
        DockerPlan containers = Objects.requireNonNull(scenario.environment().docker());
        refuse(scenario, containers, plan.toxiproxy() != null, DockerEnvironment.mayHarm());
        Needs needs = Environments.system(scenario).needs(scenario);
        return DockerEnvironment.start(
                containers.withSettings(needs.settings()), Topology.proxies(), plan.logs(), progress);
    }

    /**
     * Refuses what cannot be done there.
     *
     * @param elsewhere whether the run was given a Toxiproxy
     * @param mayHarm whether this process may signal those in containers
     */
    static void refuse(Scenario scenario, DockerPlan containers, boolean elsewhere, boolean mayHarm) {
        if (elsewhere) {
            throw new EnvironmentException("Cannot use --toxiproxy with containers: it would not know their addresses."
                    + " Name its image in the scenario: environment.toxiproxy.image.");
        }
        if (!SYSTEMS.contains(scenario.migration())) {
            throw new EnvironmentException("Cannot migrate with " + scenario.migration() + " in containers: it works on"
                    + " the servers' files, or with programs of this machine that have no password for them."
                    + ELSEWHERE);
        }
        for (String step : MigrationTools.words()) {
            if (scenario.runbook().stream()
                    .flatMap(stage -> stage.steps().stream())
                    .flatMap(one -> Stream.concat(Stream.of(one), one.back().stream()))
                    .anyMatch(one -> one.step().equals(step))) {
                throw new EnvironmentException("Cannot run the step " + step + " in containers: its program has no"
                        + " password for them." + ELSEWHERE);
            }
        }
        for (FaultSpec fault : scenario.faults()) {
            refuse(fault, !containers.toxiproxy().isEmpty(), mayHarm);
        }
    }

    private static void refuse(FaultSpec fault, boolean toxiproxy, boolean mayHarm) {
        String what = "Cannot inject the fault \"" + fault.name() + "\" in containers: ";
        if (OF_FILES.contains(fault.fault())) {
            throw new EnvironmentException(what + fault.fault() + " needs the server's files or its first process's"
                    + " variables, which are the container's own." + ELSEWHERE);
        }
        if (OF_PROCESSES.contains(fault.fault()) && !mayHarm) {
            throw new EnvironmentException(what + fault.fault() + " signals the server's processes, which only root may"
                    + " do. Run as root, or use the embedded environment.");
        }
        if (toxiproxy && FaultWords.followsProtocol(fault.fault())) {
            throw new EnvironmentException(what + fault.fault() + " reads the protocol, which Toxiproxy does not."
                    + " Remove environment.toxiproxy.");
        }
    }
}

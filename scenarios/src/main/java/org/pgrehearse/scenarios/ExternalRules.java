package org.pgrehearse.scenarios;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.external.ExternalNeeds;
import org.pgrehearse.scenarios.fault.FaultWords;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;

/** What a scenario may do on servers that somebody else runs, found out before anything is asked of them. */
final class ExternalRules {
    private static final String SUBSCRIBE = "create-subscription";
    private static final Set<String> SYSTEMS = Set.of("none", "logical-replication");
    private static final Set<String> FENCES = Set.of("fence-source");
    private static final Set<String> STEPS = Set.of(
            "create-schema",
            "create-publication",
            SUBSCRIBE,
            "wait-for-copy",
            "wait-for-lag",
            "catch-up",
            "disable-subscription",
            "detach-slot",
            "drop-subscription",
            "drop-slot",
            "wait",
            "pause-writes",
            "resume-writes",
            "fence-source",
            "move-sequences",
            "switch",
            "verify",
            "sql",
            "psql",
            "exec",
            "wait-until",
            "check",
            "pause");
    private static final Set<String> POOLER_STEPS = Set.of("pause-pooler", "repoint-pooler", "resume-pooler");
    private static final Set<String> NETWORK_FAULTS = Set.of("refuse", "reset", "latency", "bandwidth", "blackhole");

    private final Scenario scenario;
    private final String proxyHost;
    private final List<String> problems = new ArrayList<>();
    private boolean replicates;
    private boolean fences;

    private ExternalRules(Scenario scenario, String proxyHost) {
        this.scenario = scenario;
        this.proxyHost = proxyHost;
    }

    /**
     * What the scenario needs of the pair.
     *
     * @param proxyHost where the servers reach this machine; empty when they do not
     * @throws EnvironmentException with everything that this environment cannot do
     */
    static ExternalNeeds needs(Scenario scenario, String proxyHost) {
        ExternalRules rules = new ExternalRules(scenario, proxyHost);
        rules.system();
        for (Stage stage : scenario.runbook()) {
            stage.steps().forEach(rules::step);
        }
        scenario.faults().forEach(rules::fault);
        if (!rules.problems.isEmpty()) {
            throw new EnvironmentException(String.join(" ", rules.problems));
        }
        return new ExternalNeeds(rules.replicates, rules.fences);
    }

    private void system() {
        if (!SYSTEMS.contains(scenario.migration())) {
            problems.add("Cannot rehearse " + scenario.migration() + " on external servers: it needs the machines under"
                    + " them or a superuser. Use the embedded environment, or logical-replication.");
        }
        if (!new LoadTables(scenario.load()).none()) {
            problems.add("Cannot make the tables of a builtin script or of load.setup on external servers: nobody could"
                    + " tell them from yours at the end. Use the shop, or the embedded environment.");
        }
    }

    private void step(StepSpec spec) {
        String step = spec.step();
        Arguments arguments = spec.arguments();
        boolean steersPooler =
                POOLER_STEPS.contains(step) && scenario.environment().ownPooler() != null;
        if (SYSTEMS.contains(scenario.migration()) && !STEPS.contains(step) && !steersPooler) {
            problems.add("Cannot do the step " + step + " on external servers: it needs the machine under a server, a"
                    + " superuser, or is not known to leave nothing behind. Leave it out, or use the embedded"
                    + " environment.");
        }
        if (step.equals("create-publication") && arguments.text("of").equals("all-tables")) {
            problems.add("Cannot publish all tables of an external server: that would take tables which are not this"
                    + " run's, and only a superuser may. Leave out \"of: all-tables\".");
        }
        if (step.equals("wait-for-copy") && arguments.text("stuck").equals("copy-again")) {
            problems.add("Cannot make a stuck copy again on an external server: only a superuser may switch off what"
                    + " would run twice. Write wait-for-copy: {stuck: fail}.");
        }
        if (FENCES.contains(step)) {
            fences = true;
            if (!arguments.text("by").equals("database")) {
                problems.add("Cannot fence an external server by " + arguments.text("by") + ": that needs a superuser"
                        + " and would shut out every role of the server. Write " + step + ": {by: database}.");
            }
        }
        replicates |= step.equals(SUBSCRIBE);
        spec.back().forEach(this::step);
    }

    private void fault(FaultSpec fault) {
        boolean onLink = fault.places().stream().anyMatch(place -> place.endsWith(Topology.REPLICATION));
        if (!NETWORK_FAULTS.contains(fault.fault()) && !onWire(fault)) {
            problems.add("Cannot inject the fault \"" + fault.name() + "\" (" + fault.fault()
                    + ") on external servers: they are not this run's to harm. Use faults of the network, or the"
                    + " embedded environment.");
        } else if (onLink && proxyHost.isEmpty()) {
            problems.add("Cannot inject the fault \"" + fault.name() + "\" on the replication link: it leads straight"
                    + " from server to server. Write proxy-host into the environment, with an address at which the"
                    + " target reaches this machine.");
        }
    }

    private static boolean onWire(FaultSpec fault) {
        return FaultWords.followsProtocol(fault.fault());
    }
}

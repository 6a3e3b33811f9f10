package org.pgrehearse.scenarios;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.CannotHeal;
import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.Healing;
import org.pgrehearse.chaos.schedule.Injector;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.PoolerPlan;
import org.pgrehearse.scenarios.environment.RunServer;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.fault.FaultWords;
import org.pgrehearse.scenarios.migration.Pooler;
import org.pgrehearse.scenarios.migration.Rig;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.ApplicationSpec;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gateway;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.PoolLimits;
import org.pgrehearse.scenarios.topology.Route;
import org.pgrehearse.scenarios.topology.Timeouts;
import org.pgrehearse.scenarios.workload.ProbePlan;

/**
 * How everything reaches the servers: one fixed fault proxy for each server and one for the replication link, never led
 * elsewhere, and the application instances in front of them. Closing it closes all of it.
 */
final class Topology implements AutoCloseable {
    static final String REPLICATION = "replication";
    static final String REVERSE_REPLICATION = "reverse-replication";

    /** How programs of the runbook reach a server, where a fault of the scenario is put there. */
    private static final Map<Side, String> PROGRAMS = Map.of(Side.SOURCE, "migration", Side.TARGET, "migration-target");

    private static final String PRACTICE = "practice";

    private final FaultNetwork network;
    private final Instances instances;
    private final Map<Side, String> replicationConninfo;
    private final Map<Side, Rig.Address> programs;
    private final @Nullable FrontPooler pooler;
    private final Recorder recorder;

    private Topology(
            FaultNetwork network,
            @Nullable FrontPooler pooler,
            Instances instances,
            Map<Side, String> replicationConninfo,
            Map<Side, Rig.Address> programs,
            Recorder recorder) {
        this.network = network;
        this.pooler = pooler;
        this.instances = instances;
        this.replicationConninfo = Map.copyOf(replicationConninfo);
        this.programs = Map.copyOf(programs);
        this.recorder = recorder;
    }

    /** The names of the proxies that a run makes. */
    static List<String> proxies() {
        return Stream.concat(
                        Stream.of(place(Side.SOURCE), place(Side.TARGET), REPLICATION, REVERSE_REPLICATION, PRACTICE),
                        PROGRAMS.values().stream())
                .toList();
    }

    /** Takes over the network, and closes it also when this fails; a pooler of the user's writes beside the logs. */
    static Topology build(
            FaultNetwork network, Environment environment, Scenario scenario, Path logs, Recorder recorder)
            throws IOException {
        try {
            practice(network, environment.source());
            List<Gateway> gateways = new ArrayList<>();
            for (RunServer server : environment.servers()) {
                gateways.add(gateway(network, server));
            }
            Map<Side, String> conninfo = environment.hasTarget() ? links(network, environment) : Map.of();
            Map<Side, Rig.Address> programs = programs(network, environment, scenario);
            for (String place : followed(scenario)) {
                network.faults().watch(place);
            }
            PoolerPlan own = scenario.environment().ownPooler();
            if (own == null && scenario.environment().pooler().isEmpty()) {
                return new Topology(
                        network,
                        null,
                        instances(environment, scenario, gateways, Map.of()),
                        conninfo,
                        programs,
                        recorder);
            }
            FrontPooler pooler = own == null
                    ? LedPooler.start(environment, scenario, gateways.getFirst(), gateways.getLast())
                    : OwnPooler.start(own, logs, gateways.getFirst(), gateways.getLast());
            return new Topology(
                    network,
                    pooler,
                    instances(environment, scenario, pooler.gateways(), LedPooler.DRIVER),
                    conninfo,
                    programs,
                    recorder);
        } catch (IOException | EnvironmentException e) {
            network.close();
            throw e;
        }
    }

    /** Programs go straight to a server that no fault of theirs waits for: a proxy's name is on no certificate. */
    private static Map<Side, Rig.Address> programs(FaultNetwork network, Environment environment, Scenario scenario)
            throws IOException {
        Map<Side, Rig.Address> programs = new EnumMap<>(Side.class);
        for (RunServer server : environment.servers()) {
            String name = Objects.requireNonNull(PROGRAMS.get(server.side()));
            if (scenario.faults().stream().anyMatch(fault -> fault.places().contains(name))) {
                InetSocketAddress address = proxyTo(network, name, server);
                programs.put(server.side(), new Rig.Address(address.getAddress().getHostAddress(), address.getPort()));
            }
        }
        return programs;
    }

    private static Map<Side, String> links(FaultNetwork network, Environment environment) throws IOException {
        return Map.of(
                Side.SOURCE, conninfo(network, REPLICATION, environment, Side.SOURCE),
                Side.TARGET, conninfo(network, REVERSE_REPLICATION, environment, Side.TARGET));
    }

    /** Through a proxy where the servers can reach one, and else straight to the one that sends. */
    private static String conninfo(FaultNetwork network, String name, Environment environment, Side side)
            throws IOException {
        Server sender = environment.server(side);
        String host = sender.host();
        int port = sender.port();
        if (environment.proxyHost().isPresent()) {
            Map.Entry<String, Integer> link =
                    network.link(name, address(sender), environment.proxyHost().get());
            host = link.getKey();
            port = link.getValue();
        }
        return "host=" + host + " port=" + port + " dbname=" + sender.database() + " user="
                + environment.replicationRole(side) + " connect_timeout=5";
    }

    /** Proxies whose faults need to read what passes. */
    private static List<String> followed(Scenario scenario) {
        return scenario.faults().stream()
                .filter(spec -> FaultWords.followsProtocol(spec.fault()))
                .flatMap(spec -> spec.places().stream())
                .distinct()
                .toList();
    }

    /** Injects and heals a fault where nobody is: the first time takes longer than any other, and would be late. */
    private static void practice(FaultNetwork network, Server server) throws IOException {
        proxyTo(network, PRACTICE, server);
        try (Healing _healing = network.faults().inject(new Fault.Refuse(PRACTICE))) {
            network.faults().proxies().proxy(PRACTICE);
        } catch (CannotInject | CannotHeal e) {
            throw new IOException("the fault proxy does not work: " + e.getMessage(), e);
        }
        network.remove(PRACTICE);
    }

    private static Gateway gateway(FaultNetwork network, Server server) throws IOException {
        InetSocketAddress address = proxyTo(network, place(server.side()), server);
        return new Gateway(server.side(), address.getAddress().getHostAddress(), address.getPort(), server.database());
    }

    private static String place(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    private static InetSocketAddress proxyTo(FaultNetwork network, String name, Server server) throws IOException {
        return network.proxy(name, address(server));
    }

    private static String address(Server server) {
        return (server.host().contains(":") ? "[" + server.host() + "]" : server.host()) + ":" + server.port();
    }

    private static Instances instances(
            Environment environment, Scenario scenario, List<Gateway> gateways, Map<String, String> driver) {
        List<Instances.Instance> loaded = new ArrayList<>();
        for (ApplicationSpec spec : scenario.load().applications()) {
            Application application = new Application(
                    spec.name(),
                    spec.role(),
                    side -> led(environment.login(side, spec.role()), driver),
                    new Route(gateways, Side.SOURCE),
                    Timeouts.usual(),
                    PoolLimits.of(spec.connections()).withLifetime(spec.lifetime()));
            loaded.add(new Instances.Instance(application, spec.pauseDelay(), spec.switchDelay()));
        }
        Application sentinel = new Application(
                "sentinel",
                EmbeddedEnvironment.WEB_ROLE,
                side -> led(environment.login(side, EmbeddedEnvironment.WEB_ROLE), driver),
                new Route(gateways, Side.SOURCE),
                Timeouts.usual(),
                PoolLimits.of(ProbePlan.usual().connectionsMax()));
        return new Instances(loaded, sentinel);
    }

    private static Login led(Login login, Map<String, String> driver) {
        Map<String, String> all = new HashMap<>(login.driverProperties());
        all.putAll(driver);
        return new Login(login.role(), login.password(), all);
    }

    Instances instances() {
        return instances;
    }

    /** What the application's connections go through. */
    Optional<Pooler> pooler() {
        return Optional.ofNullable(pooler);
    }

    Injector injector() {
        return network.faults()::inject;
    }

    /** Where programs of the runbook reach a server through a fault proxy; empty when they go straight. */
    Optional<Rig.Address> programsReach(Side side) {
        return Optional.ofNullable(programs.get(side));
    }

    /** How the other side reaches the one that sends, as a libpq conninfo string. */
    String replicationConninfo(Side sender) {
        return Objects.requireNonNull(replicationConninfo.get(sender));
    }

    /** Records trouble when a fault is still there after all were healed. */
    void requireNoFaultRemains() {
        try {
            network.faults().assertNoFaultRemains();
        } catch (CannotHeal e) {
            recorder.record(new Event.Trouble(recorder.nowNanos(), "faults", String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() throws IOException {
        instances.close();
        if (pooler != null) {
            pooler.close();
        }
        network.close();
    }
}

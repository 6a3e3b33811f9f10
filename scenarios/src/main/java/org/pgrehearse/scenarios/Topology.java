package org.pgrehearse.scenarios;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.pgrehearse.chaos.CannotHeal;
import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.FaultControl;
import org.pgrehearse.chaos.Healing;
import org.pgrehearse.chaos.network.ProxyState;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.schedule.Injector;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.fault.FaultWords;
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
 * How everything reaches the servers: one fixed fault proxy for each side and one for the replication link, never led
 * elsewhere, and the application instances in front of them. Closing it closes all of it.
 */
final class Topology implements AutoCloseable {
    static final String REPLICATION = "replication";
    static final String REVERSE_REPLICATION = "reverse-replication";

    private final FaultProxy proxy;
    private final FaultControl faults;
    private final Instances instances;
    private final Map<Side, String> replicationConninfo;
    private final Recorder recorder;

    private Topology(
            FaultProxy proxy,
            FaultControl faults,
            Instances instances,
            Map<Side, String> replicationConninfo,
            Recorder recorder) {
        this.proxy = proxy;
        this.faults = faults;
        this.instances = instances;
        this.replicationConninfo = Map.copyOf(replicationConninfo);
        this.recorder = recorder;
    }

    static Topology build(EmbeddedEnvironment environment, Scenario scenario, long seed, Recorder recorder)
            throws IOException {
        FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), seed);
        try {
            FaultControl faults = FaultControl.embedded(
                    proxy,
                    List.of(new EmbeddedControl(environment.source()), new EmbeddedControl(environment.target())),
                    recorder::nowNanos);
            practice(faults, environment.source());
            Gateway source = gateway(faults, environment.source());
            Gateway target = gateway(faults, environment.target());
            Map<Side, String> conninfo = Map.of(
                    Side.SOURCE, conninfo(faults, REPLICATION, environment.source()),
                    Side.TARGET, conninfo(faults, REVERSE_REPLICATION, environment.target()));
            for (String place : followed(scenario)) {
                faults.watch(place);
            }
            return new Topology(proxy, faults, instances(scenario, List.of(source, target)), conninfo, recorder);
        } catch (IOException e) {
            proxy.close();
            throw e;
        }
    }

    private static String conninfo(FaultControl faults, String name, Server sender) throws IOException {
        InetSocketAddress link = proxyTo(faults, name, sender);
        return "host=" + link.getAddress().getHostAddress() + " port=" + link.getPort() + " dbname=" + sender.database()
                + " user=" + EmbeddedEnvironment.REPLICATION_ROLE + " connect_timeout=5";
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
    private static void practice(FaultControl faults, Server server) throws IOException {
        String name = "practice";
        proxyTo(faults, name, server);
        try (Healing _healing = faults.inject(new Fault.Refuse(name))) {
            faults.proxies().proxy(name);
        } catch (CannotInject | CannotHeal e) {
            throw new IOException("the fault proxy does not work: " + e.getMessage(), e);
        }
        faults.proxies().delete(name);
    }

    private static Gateway gateway(FaultControl faults, Server server) throws IOException {
        String name = server.side().name().toLowerCase(Locale.ROOT);
        InetSocketAddress address = proxyTo(faults, name, server);
        return new Gateway(server.side(), address.getAddress().getHostAddress(), address.getPort(), server.database());
    }

    private static InetSocketAddress proxyTo(FaultControl faults, String name, Server server) throws IOException {
        ProxyState state = faults.proxies().create(name, "127.0.0.1:0", server.host() + ":" + server.port());
        return state.listenAddress();
    }

    private static Instances instances(Scenario scenario, List<Gateway> gateways) {
        List<Instances.Instance> loaded = new ArrayList<>();
        for (ApplicationSpec spec : scenario.load().applications()) {
            Application application = new Application(
                    spec.name(),
                    Login.trusted(spec.role()),
                    new Route(gateways, Side.SOURCE),
                    Timeouts.usual(),
                    PoolLimits.of(spec.connections()));
            loaded.add(new Instances.Instance(application, spec.pauseDelay(), spec.switchDelay()));
        }
        Application sentinel = new Application(
                "sentinel",
                Login.trusted(EmbeddedEnvironment.WEB_ROLE),
                new Route(gateways, Side.SOURCE),
                Timeouts.usual(),
                PoolLimits.of(ProbePlan.usual().connectionsMax()));
        return new Instances(loaded, sentinel);
    }

    Instances instances() {
        return instances;
    }

    Injector injector() {
        return faults::inject;
    }

    /** How the other side reaches the one that sends, as a libpq conninfo string. */
    String replicationConninfo(Side sender) {
        return Objects.requireNonNull(replicationConninfo.get(sender));
    }

    /** Records trouble when a fault is still there after all were healed. */
    void requireNoFaultRemains() {
        try {
            faults.assertNoFaultRemains();
        } catch (CannotHeal e) {
            recorder.record(new Event.Trouble(recorder.nowNanos(), "faults", String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void close() throws IOException {
        instances.close();
        proxy.close();
    }
}

package org.pgrehearse.chaos.junit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.pgrehearse.chaos.CannotHeal;
import org.pgrehearse.chaos.FaultControl;
import org.pgrehearse.chaos.network.ProxyState;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.server.ServerControl;

/**
 * Fault proxies around the tests of a class. Each test may inject faults through {@link Faults}; after it, all of them
 * are healed, and the test fails when one never bit or could not be healed. The seed is in the test's report entries,
 * and {@code -Dpgrehearse.seed=N} repeats it. Tests of one class must not run at the same time.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final FaultExtension FAULTS = FaultExtension.embedded().proxy("app", "127.0.0.1:5432");
 *
 * @Test
 * void the_application_survives_a_reset(Faults faults) throws Exception {
 *     try (Healing reset = faults.inject(new Fault.Reset("app"))) {
 *         application.connectTo(faults.address("app"));
 *     }
 * }
 * }</pre>
 */
public final class FaultExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback, ParameterResolver {
    /** The system property that repeats a seed. */
    public static final String SEED_PROPERTY = "pgrehearse.seed";

    private final @Nullable InetSocketAddress toxiproxy;
    private final Map<String, String> upstreams;
    private final List<ServerControl> servers;
    private final @Nullable Long fixedSeed;
    private @Nullable Setup setup;
    private @Nullable Faults current;

    /** What lives as long as the class. */
    record Setup(@Nullable FaultProxy proxy, FaultControl control, Map<String, ProxyState> proxies, long seed) {}

    private FaultExtension(
            @Nullable InetSocketAddress toxiproxy,
            Map<String, String> upstreams,
            List<ServerControl> servers,
            @Nullable Long fixedSeed) {
        this.toxiproxy = toxiproxy;
        this.upstreams = upstreams;
        this.servers = servers;
        this.fixedSeed = fixedSeed;
    }

    /** With a fault proxy of its own, inside this JVM. */
    public static FaultExtension embedded() {
        return new FaultExtension(null, Map.of(), List.of(), null);
    }

    /**
     * With a Toxiproxy elsewhere. It counts nothing, so that only closed ports, resets, blackholes and latency can be
     * seen to bite there.
     *
     * @param api such as {@code http://127.0.0.1:8474}
     */
    public static FaultExtension toxiproxy(URI api) {
        if (api.getHost() == null || api.getPort() < 0) {
            throw new IllegalArgumentException(
                    "\"" + api + "\" is no address of a Toxiproxy. Write it as http://127.0.0.1:8474.");
        }
        return new FaultExtension(new InetSocketAddress(api.getHost(), api.getPort()), Map.of(), List.of(), null);
    }

    /** The same with a proxy of this name to a {@code host:port}; clients find it at {@link Faults#address}. */
    public FaultExtension proxy(String name, String upstream) {
        Map<String, String> more = new LinkedHashMap<>(upstreams);
        more.put(name, upstream);
        return new FaultExtension(toxiproxy, more, servers, fixedSeed);
    }

    /** The same with a server that may be harmed. */
    public FaultExtension server(ServerControl server) {
        List<ServerControl> more = new ArrayList<>(servers);
        more.add(server);
        return new FaultExtension(toxiproxy, upstreams, more, fixedSeed);
    }

    /** The same with this seed, unless the system property says another. */
    public FaultExtension seed(long seed) {
        return new FaultExtension(toxiproxy, upstreams, servers, seed);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        start();
    }

    Setup start() throws IOException {
        long seed = chosenSeed();
        FaultProxy proxy = toxiproxy == null
                ? FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), seed)
                : null;
        try {
            FaultControl control = proxy != null
                    ? FaultControl.embedded(proxy, servers, System::nanoTime)
                    : FaultControl.remote(address(), servers, System::nanoTime);
            Map<String, ProxyState> proxies = new LinkedHashMap<>();
            for (Map.Entry<String, String> upstream : upstreams.entrySet()) {
                proxies.put(
                        upstream.getKey(),
                        control.proxies().create(upstream.getKey(), "127.0.0.1:0", upstream.getValue()));
            }
            Setup started = new Setup(proxy, control, Map.copyOf(proxies), seed);
            setup = started;
            return started;
        } catch (IOException e) {
            if (proxy != null) {
                proxy.close();
            }
            throw e;
        }
    }

    private InetSocketAddress address() {
        if (toxiproxy == null) {
            throw new IllegalStateException("an embedded proxy has no other address");
        }
        return toxiproxy;
    }

    private long chosenSeed() {
        Long property = Long.getLong(SEED_PROPERTY);
        if (property != null) {
            return property;
        }
        return fixedSeed != null ? fixedSeed : new Random().nextLong(Integer.MAX_VALUE);
    }

    /** Starts the proxies here when the extension is an instance field, which has no beforeAll. */
    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Setup running = setup == null ? start() : setup;
        context.publishReportEntry("pgrehearse.seed", Long.toString(running.seed()));
        current = new Faults(running.control(), running.proxies(), running.seed());
    }

    @Override
    public void afterEach(ExtensionContext context) throws CannotHeal, InterruptedException {
        Faults faults = current;
        current = null;
        if (faults != null) {
            faults.end(context.getExecutionException().orElse(null));
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        stop();
    }

    void stop() throws IOException {
        Setup ending = setup;
        setup = null;
        if (ending == null) {
            return;
        }
        if (ending.proxy() != null) {
            ending.proxy().close();
        } else {
            for (String name : ending.proxies().keySet()) {
                ending.control().proxies().delete(name);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Faults.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return faults();
    }

    /** The faults of the test that runs now. */
    public Faults faults() {
        Faults faults = current;
        if (faults == null) {
            throw new IllegalStateException("Cannot inject faults outside of a test. Ask for them inside of one.");
        }
        return faults;
    }
}

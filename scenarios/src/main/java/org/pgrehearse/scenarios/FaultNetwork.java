package org.pgrehearse.scenarios;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.FaultControl;
import org.pgrehearse.chaos.network.ProxyState;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.server.ServerControl;
import org.pgrehearse.scenarios.environment.ProxyStation;

/**
 * The fault proxies of one run: inside this JVM, or on a Toxiproxy elsewhere, from which they are removed at the end.
 * For one thread.
 */
final class FaultNetwork implements AutoCloseable {
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    private final @Nullable FaultProxy embedded;
    private final FaultControl faults;
    private final String listen;
    private final @Nullable ProxyStation station;
    private final List<String> made = new ArrayList<>();

    private FaultNetwork(@Nullable FaultProxy embedded, FaultControl faults, String listen) {
        this(embedded, faults, listen, null);
    }

    private FaultNetwork(
            @Nullable FaultProxy embedded, FaultControl faults, String listen, @Nullable ProxyStation station) {
        this.embedded = embedded;
        this.faults = faults;
        this.listen = listen;
        this.station = station;
    }

    /** Proxies on a Toxiproxy that is the environment's own. */
    static FaultNetwork in(ProxyStation station, List<? extends ServerControl> servers, LongSupplier nanos)
            throws IOException {
        return new FaultNetwork(null, FaultControl.remote(station.api(), servers, nanos), "", station);
    }

    /** Proxies inside this JVM. */
    static FaultNetwork embedded(List<? extends ServerControl> servers, long seed, LongSupplier nanos)
            throws IOException {
        FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), seed);
        return new FaultNetwork(proxy, FaultControl.embedded(proxy, servers, nanos), "127.0.0.1:0");
    }

    /**
     * Proxies on a Toxiproxy, which must reach the servers at the addresses that this process knows.
     *
     * @param names those that will be made; what a run that was killed left of them is removed
     */
    static FaultNetwork on(
            InetSocketAddress toxiproxy,
            List<? extends ServerControl> servers,
            List<String> names,
            LongSupplier nanos,
            Consumer<String> progress)
            throws IOException {
        if (toxiproxy.isUnresolved()) {
            throw new IOException(
                    "Cannot find the host of Toxiproxy, " + toxiproxy.getHostString() + ". Check --toxiproxy.");
        }
        FaultControl faults = FaultControl.remote(toxiproxy, servers, nanos);
        for (ProxyState proxy : faults.proxies().proxies()) {
            if (names.contains(proxy.name())) {
                if (answers(proxy.upstream())) {
                    throw new IOException("Cannot use Toxiproxy at " + toxiproxy.getHostString() + ":"
                            + toxiproxy.getPort() + ": it has a proxy \"" + proxy.name() + "\" to " + proxy.upstream()
                            + ", where a server answers. End the run that uses it, or delete the proxy.");
                }
                faults.proxies().delete(proxy.name());
                progress.accept("removed proxy " + proxy.name() + " of a run that is gone from Toxiproxy");
            }
        }
        boolean local = toxiproxy.getAddress().isLoopbackAddress();
        return new FaultNetwork(null, faults, local ? "127.0.0.1:0" : "0.0.0.0:0");
    }

    private static boolean answers(String upstream) {
        int colon = upstream.lastIndexOf(':');
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(
                            upstream.substring(0, colon).replace("[", "").replace("]", ""),
                            Integer.parseInt(upstream.substring(colon + 1))),
                    Math.toIntExact(CONNECT_MAX.toMillis()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Injects faults on the proxies. */
    FaultControl faults() {
        return faults;
    }

    /** Makes a proxy to an address, and says where it listens. */
    InetSocketAddress proxy(String name, String upstream) throws IOException {
        made.add(name);
        if (station != null) {
            int port = station.port(name);
            faults.proxies().create(name, "0.0.0.0:" + port, station.upstream(upstream));
            return new InetSocketAddress(station.api().getAddress(), port);
        }
        return faults.proxies().create(name, listen, upstream).listenAddress();
    }

    /** The same that listens, when it is inside this JVM, at an address of this machine which servers reach. */
    InetSocketAddress proxy(String name, String upstream, String host) throws IOException {
        if (embedded == null) {
            return proxy(name, upstream);
        }
        made.add(name);
        String at = host.contains(":") ? "[" + host + "]" : host;
        return faults.proxies().create(name, at + ":0", upstream).listenAddress();
    }

    /** The same as servers reach it: a host and a port for a libpq conninfo string. */
    Map.Entry<String, Integer> link(String name, String upstream, String host) throws IOException {
        InetSocketAddress address = proxy(name, upstream, host);
        return Map.entry(station == null ? address.getAddress().getHostAddress() : station.host(), address.getPort());
    }

    /** Removes a proxy. */
    void remove(String name) throws IOException {
        faults.proxies().delete(name);
        made.remove(name);
    }

    @Override
    public void close() throws IOException {
        if (embedded != null) {
            embedded.close();
            return;
        }
        IOException failure = null;
        for (String name : made) {
            try {
                faults.proxies().delete(name);
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}

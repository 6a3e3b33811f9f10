package org.pgrehearse.scenarios.environment;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * A Toxiproxy in a container: it sees the servers under other addresses than this process, and only ports that were
 * published when it started lead to its proxies.
 *
 * @param api where its API is reached from here
 * @param host the name that servers reach it by
 * @param ports the port of each proxy by the proxy's name, the same inside and outside
 * @param upstreams what it calls a server, by what this process calls it
 */
public record ProxyStation(
        InetSocketAddress api, String host, Map<String, Integer> ports, Map<String, String> upstreams) {
    /** Copies both maps. */
    public ProxyStation {
        ports = Map.copyOf(ports);
        upstreams = Map.copyOf(upstreams);
    }

    /** The port of a proxy that was foreseen. */
    public int port(String name) {
        Integer port = ports.get(name);
        if (port == null) {
            throw new IllegalStateException("no port was published for the proxy " + name);
        }
        return port;
    }

    /** A server's address as the Toxiproxy reaches it. */
    public String upstream(String address) {
        return upstreams.getOrDefault(address, address);
    }
}

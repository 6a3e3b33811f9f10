package org.pgrehearse.chaos.network;

import java.net.InetSocketAddress;

/**
 * A proxy as the server describes it; addresses as {@code host:port}.
 *
 * @param host where the server itself is reached
 */
public record ProxyState(String name, String host, String listen, String upstream, boolean enabled) {
    /** Where a client on this machine connects to. */
    public InetSocketAddress listenAddress() {
        int colon = listen.lastIndexOf(':');
        String address = listen.substring(0, colon).replace("[", "").replace("]", "");
        int port = Integer.parseInt(listen.substring(colon + 1));
        boolean everywhere = address.isEmpty() || address.equals("::") || address.equals("0.0.0.0");
        return new InetSocketAddress(everywhere ? host.replace("[", "").replace("]", "") : address, port);
    }
}

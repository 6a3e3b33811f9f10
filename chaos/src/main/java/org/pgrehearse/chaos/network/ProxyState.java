package org.pgrehearse.chaos.network;

import java.net.InetSocketAddress;

/** A proxy as the server describes it; addresses as {@code host:port}. */
public record ProxyState(String name, String listen, String upstream, boolean enabled) {
    /** Where a client on this machine connects to. */
    public InetSocketAddress listenAddress() {
        int colon = listen.lastIndexOf(':');
        String host = listen.substring(0, colon).replace("[", "").replace("]", "");
        int port = Integer.parseInt(listen.substring(colon + 1));
        boolean everywhere = host.isEmpty() || host.equals("::") || host.equals("0.0.0.0");
        return new InetSocketAddress(everywhere ? "127.0.0.1" : host, port);
    }
}

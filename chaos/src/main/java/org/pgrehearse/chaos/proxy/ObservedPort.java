package org.pgrehearse.chaos.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * One listening port with a server behind it, all of whose bytes interceptors see. It has no API and no toxics. Safe
 * for use by many threads; closing it closes every connection.
 */
public final class ObservedPort implements AutoCloseable {
    private static final String NAME = "observed";

    private final Proxy proxy;

    private ObservedPort(Proxy proxy) {
        this.proxy = proxy;
    }

    /**
     * Begins to pass connections on.
     *
     * @param listen where clients connect; port 0 takes a free one
     * @param server where they get to; looked up for each connection anew
     * @throws IOException when the port cannot be listened on
     */
    public static ObservedPort open(InetSocketAddress listen, InetSocketAddress server, Interceptor.Factory observers)
            throws IOException {
        Address from = new Address(listen.getHostString(), listen.getPort());
        Address to = new Address(server.getHostString(), server.getPort());
        long origin = System.nanoTime();
        Proxy proxy =
                new Proxy(new Blueprint(NAME, from, to, true, null), new Dice(0), () -> System.nanoTime() - origin);
        proxy.intercept(observers);
        proxy.enable(Listener.bind(from));
        return new ObservedPort(proxy);
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return new InetSocketAddress(proxy.listen().host(), proxy.listen().port());
    }

    /** How many connections were accepted, refused and lost so far. */
    public Effects effects() {
        return proxy.effects();
    }

    /** Frees the port and closes every connection. */
    @Override
    public void close() throws IOException {
        proxy.disable();
    }
}

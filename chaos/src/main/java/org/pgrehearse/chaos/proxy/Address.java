package org.pgrehearse.chaos.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A host and a port, written {@code host:port}; an IPv6 host stands in brackets.
 *
 * @param host empty for every local address
 */
record Address(String host, int port) {
    private static final int PORT_MAX = 65_535;
    private static final String EVERY_ADDRESS = "::";

    /** Reads an address; an {@link IllegalArgumentException} says what is wrong with it. */
    static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (colon < 0 || (host.contains(":") && !(host.startsWith("[") && host.endsWith("]")))) {
            throw new IllegalArgumentException("address " + text + " is not host:port");
        }
        return new Address(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port(text, colon));
    }

    /** The same with another port. */
    Address withPort(int otherPort) {
        return new Address(host, otherPort);
    }

    /** For connecting or listening; looks the host up, which may block. An unknown host stays unresolved. */
    InetSocketAddress resolved() {
        return isWildcard() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    /** The same with the host as a numeric address, as Toxiproxy shows it. Looks the host up, which may block. */
    Address numeric() {
        if (isWildcard()) {
            return new Address(EVERY_ADDRESS, port);
        }
        InetAddress address = resolved().getAddress();
        return address == null ? this : new Address(address.getHostAddress(), port);
    }

    private boolean isWildcard() {
        return host.isEmpty() || host.equals(EVERY_ADDRESS);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static int port(String text, int colon) {
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port >= 0 && port <= PORT_MAX) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("address " + text + " has no numeric port", e);
        }
        throw new IllegalArgumentException("address " + text + " has no port between 0 and " + PORT_MAX);
    }
}

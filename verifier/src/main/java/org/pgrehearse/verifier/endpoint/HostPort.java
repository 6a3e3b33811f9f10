package org.pgrehearse.verifier.endpoint;

/** One server's address. IPv6 addresses are held without brackets. */
public record HostPort(String host, int port) {
    /** As a URL writes it. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}

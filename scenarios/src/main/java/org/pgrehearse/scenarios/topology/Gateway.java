package org.pgrehearse.scenarios.topology;

import org.pgrehearse.reports.journal.Side;

/**
 * An address at which one side is reached, such as its fault proxy. It never changes what it points at.
 *
 * @param side the side behind it
 * @param host a host name or a numeric address, IPv6 without brackets
 * @param port a TCP port
 * @param database the database that is migrated
 */
public record Gateway(Side side, String host, int port, String database) {
    private static final int PORT_MAX = 65_535;

    public Gateway {
        if (host.isBlank() || database.isBlank() || port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException(
                    "Cannot use \"" + host + ":" + port + "/" + database + "\" as a gateway: it is no address.");
        }
    }

    @Override
    public String toString() {
        return side + " at " + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + "/" + database;
    }
}

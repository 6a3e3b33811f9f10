package org.pgrehearse.bench.peers;

/** Where the two servers listen; both trust loopback, so there is no password. */
record Addresses(Address source, Address target) {
    /** A server's database and the role to connect as. */
    record Address(String host, int port, String database, String role) {
        /** The address as most clients take it. */
        String uri() {
            return "postgresql://" + authority();
        }

        /** The role, the host, the port and the database, as they stand in a URI. */
        String authority() {
            return role + "@" + host + ":" + port + "/" + database;
        }
    }
}

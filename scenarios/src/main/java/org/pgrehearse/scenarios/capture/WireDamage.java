package org.pgrehearse.scenarios.capture;

/** Bytes of a connection that are not PostgreSQL's protocol: nothing more of it can be read. */
final class WireDamage extends Exception {
    private static final long serialVersionUID = 1;

    WireDamage(String message) {
        super(message);
    }

    WireDamage(String message, Throwable cause) {
        super(message, cause);
    }
}

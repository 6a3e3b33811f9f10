package org.pgrehearse.scenarios.migration;

/** A server of the rehearsal is no longer there, though no fault took it away. Nothing can be concluded after that. */
public final class ServerGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says which server, and what is known of its end. */
    public ServerGone(String message) {
        super(message);
    }
}

package org.pgrehearse.verifier.live;

/** The two databases cannot be compared while one is written. Nothing is known about their data. */
public final class NotLiveException extends Exception {
    private static final long serialVersionUID = 1L;

    NotLiveException(String fact) {
        super("Cannot compare under replication: " + fact);
    }

    NotLiveException(String fact, Throwable cause) {
        super("Cannot compare under replication: " + fact, cause);
    }
}

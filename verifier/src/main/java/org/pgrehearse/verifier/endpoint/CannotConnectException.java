package org.pgrehearse.verifier.endpoint;

/** A server could not be reached or refused the connection. Nothing is known about its data. */
public final class CannotConnectException extends Exception {
    private static final long serialVersionUID = 1L;

    /** States which side could not be reached, where it is, and what it said. */
    public CannotConnectException(Side side, String displayUrl, Throwable cause) {
        super(
                "Cannot connect to the " + side + " at " + displayUrl + ": "
                        + SqlProblem.of(cause).fact()
                        + ". Check that the server runs and that host, port, database, user and password are right.",
                cause);
    }
}

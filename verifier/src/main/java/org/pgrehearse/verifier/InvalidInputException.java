package org.pgrehearse.verifier;

/** What the user asked for cannot be understood or does not exist. A mistake of usage, never a finding about data. */
public final class InvalidInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A whole sentence that names the mistake and the way out, and never a password. */
    public InvalidInputException(String message) {
        super(message);
    }
}

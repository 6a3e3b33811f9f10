package org.pgrehearse.chaos;

/** A fault that could not be injected; whatever had been done of it was undone, or the message says what was not. */
public final class CannotInject extends Exception {
    CannotInject(Fault fault, Throwable cause) {
        super("Cannot inject " + fault.kind() + " at " + fault.place() + ": " + cause.getMessage(), cause);
    }
}

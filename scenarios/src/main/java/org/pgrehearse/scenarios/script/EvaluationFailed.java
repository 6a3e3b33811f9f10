package org.pgrehearse.scenarios.script;

/** An expression that has no value, such as a division by zero; pgbench ends a client for it. */
public final class EvaluationFailed extends Exception {
    private static final long serialVersionUID = 1L;

    /** With the reason, in pgbench's words where it has some. */
    public EvaluationFailed(String message) {
        super(message);
    }
}

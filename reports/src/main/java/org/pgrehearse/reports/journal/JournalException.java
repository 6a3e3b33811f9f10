package org.pgrehearse.reports.journal;

/** A journal could not be written or read. Its message says which file, why, and what to do next. */
public final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure that something else caused. */
    public JournalException(String message, Throwable cause) {
        super(message, cause);
    }

    /** A failure found by the journal itself. */
    public JournalException(String message) {
        super(message);
    }
}

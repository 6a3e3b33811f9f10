package org.pgrehearse.verifier.endpoint;

import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What went wrong on a server, as far as its SQLSTATE tells.
 *
 * @param state the SQLSTATE; empty when unknown
 * @param fact what the server or the driver said, in one line, ending with the SQLSTATE in parentheses
 */
public record SqlProblem(String state, String fact) {
    private static final Set<String> LOST_STATES = Set.of("57P01", "57P02", "57P03", "57P05", "25P03");
    private static final int CAUSES_MAX = 10;

    /** Reads the exception and, where that has no SQLSTATE, its causes. */
    public static SqlProblem of(Throwable exception) {
        Throwable current = exception;
        for (int i = 0; i < CAUSES_MAX && current != null; i++) {
            if (current instanceof SQLException sql && sql.getSQLState() != null) {
                return new SqlProblem(sql.getSQLState(), said(sql) + " (" + sql.getSQLState() + ")");
            }
            current = current.getCause();
        }
        return new SqlProblem("", said(exception));
    }

    private static String said(Throwable exception) {
        String message = exception.getMessage();
        if (exception instanceof PSQLException fromServer) {
            ServerErrorMessage server = fromServer.getServerErrorMessage();
            if (server != null && server.getMessage() != null) {
                message = server.getMessage();
            }
        }
        String line = message == null ? exception.getClass().getSimpleName() : message.strip();
        String single = line.replaceAll("\\s*\\R\\s*", " ");
        return single.endsWith(".") ? single.substring(0, single.length() - 1) : single;
    }

    /** Whether the connection is gone, so that the same statement may succeed on another one. */
    public boolean connectionLost() {
        return state.startsWith("08") || LOST_STATES.contains(state);
    }

    /** Whether the server or the role has no connection left to give. */
    public boolean tooManyConnections() {
        return state.equals("53300");
    }

    /** What the reader can do about it, as a sentence. */
    public String nextStep() {
        return switch (state) {
            case "42501" -> "Grant the missing privilege (or BYPASSRLS) to the verifying role and run again.";
            case "57014" -> "Raise the statement timeout and run again.";
            case "25P04" -> "Allow more time for it, or give --resume FILE to go on from here with a new one.";
            case "55P03" -> "Wait for the lock's holder or raise the lock timeout, and run again.";
            default ->
                connectionLost()
                        ? "Find out why the connection was lost and run again."
                        : "Remove the cause and run again.";
        };
    }
}

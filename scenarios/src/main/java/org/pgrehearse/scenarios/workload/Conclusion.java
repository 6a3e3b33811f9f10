package org.pgrehearse.scenarios.workload;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Outcome;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a client may conclude about its write from a failure. Pure.
 *
 * <p>Before the commit was handed to the driver, a failure is certain: a server ends a transaction without a commit by
 * undoing it. From then on only an answer of the server itself is certain, and only one that it gives after undoing the
 * transaction: an ERROR. A FATAL, a lost connection, a timeout or a pooler's word about a lost server leave it unknown.
 *
 * @param outcome {@link Outcome#FAILED} or {@link Outcome#UNKNOWN}
 * @param sqlState the first one found, null when there is none
 * @param message the driver's words
 * @param usable whether the connection may be used again after a rollback
 */
record Conclusion(Outcome outcome, @Nullable String sqlState, String message, boolean usable) {
    private static final int CHAIN_MAX = 20;
    private static final String CERTAIN_SEVERITY = "ERROR";
    private static final String CONNECTION_CLASS = "08";
    /** The server is going away, or says itself that it does not know. */
    private static final Set<String> DOUBTFUL_STATES = Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "40003");

    /** About a failure before a commit was handed to the driver, or of a read. */
    static Conclusion beforeCommit(SQLException failure) {
        return of(failure, true);
    }

    /** About a failure from the moment the commit, or an autocommitted write, was handed to the driver. */
    static Conclusion afterHandover(SQLException failure) {
        return of(failure, silentRollback(failure) || answeredWithError(failure));
    }

    private static Conclusion of(SQLException failure, boolean certain) {
        List<Throwable> chain = chain(failure);
        boolean answered = silentRollback(failure) || answeredWithError(failure);
        return new Conclusion(
                certain ? Outcome.FAILED : Outcome.UNKNOWN,
                state(chain),
                text(failure),
                answered && chain.stream().noneMatch(Conclusion::lostConnection));
    }

    /** The server answered COMMIT with ROLLBACK; the driver makes an exception of it, without words of the server. */
    private static boolean silentRollback(SQLException failure) {
        return failure instanceof PSQLException
                && answer(failure) == null
                && PSQLState.IN_FAILED_SQL_TRANSACTION.getState().equals(failure.getSQLState());
    }

    /** The first answer decides: what follows it on the wire comes after the transaction was undone. */
    private static boolean answeredWithError(SQLException failure) {
        @Nullable ServerErrorMessage answer = answer(failure);
        return answer != null && CERTAIN_SEVERITY.equals(answer.getSeverity()) && !doubtful(answer.getSQLState());
    }

    private static @Nullable ServerErrorMessage answer(SQLException failure) {
        return failure instanceof PSQLException e ? e.getServerErrorMessage() : null;
    }

    private static boolean doubtful(@Nullable String state) {
        return state == null || state.startsWith(CONNECTION_CLASS) || DOUBTFUL_STATES.contains(state);
    }

    private static boolean lostConnection(Throwable failure) {
        return failure instanceof IOException
                || (failure instanceof SQLException e && e.getSQLState() != null && doubtful(e.getSQLState()));
    }

    private static @Nullable String state(List<Throwable> chain) {
        return chain.stream()
                .map(failure -> failure instanceof SQLException e ? e.getSQLState() : null)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** One line without the server's detail, which may quote a row. */
    private static String text(SQLException failure) {
        @Nullable ServerErrorMessage answer = answer(failure);
        @Nullable String words = answer == null ? failure.getMessage() : answer.getMessage();
        String line = words == null
                ? failure.getClass().getSimpleName()
                : words.lines().findFirst().orElse("");
        return failure.getCause() instanceof IOException cause ? line + " (" + cause + ")" : line;
    }

    /** The failure, its causes and the failures chained to it, each once. */
    private static List<Throwable> chain(SQLException failure) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        Deque<Throwable> open = new ArrayDeque<>(List.of(failure));
        while (!open.isEmpty() && chain.size() < CHAIN_MAX) {
            Throwable each = open.removeFirst();
            if (!seen.add(each)) {
                continue;
            }
            chain.add(each);
            if (each instanceof SQLException e && e.getNextException() != null) {
                open.add(e.getNextException());
            }
            if (each.getCause() != null) {
                open.add(each.getCause());
            }
        }
        return List.copyOf(chain);
    }
}

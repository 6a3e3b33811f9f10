package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What ends a step from outside, when its deadline passes or a guard stops the runbook: the statements that it has
 * under way are cancelled, and its thread is interrupted. A server that does not even cancel loses the connection.
 * Pulling it is for any thread; the rest is for the thread of the step.
 */
final class Leash implements AutoCloseable {
    private static final Duration CANCEL_MAX = Duration.ofSeconds(2);

    private final Thread step = Thread.currentThread();
    private final List<Connection> connections = new ArrayList<>();
    private final Thread deadline;
    private @Nullable String reason;
    private String seen = "";
    private boolean closed;

    /**
     * A leash on the calling thread.
     *
     * @param length after which it is pulled; null for never
     * @param passed says so
     */
    Leash(@Nullable Duration length, String passed) {
        deadline = Thread.ofVirtual().name("deadline").unstarted(() -> after(length, passed));
        if (length != null) {
            deadline.start();
        }
    }

    private void after(@Nullable Duration length, String passed) {
        try {
            TimeUnit.NANOSECONDS.sleep(length == null ? 0 : length.toNanos());
            pull(passed);
        } catch (InterruptedException inTime) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the step, if it is still under way; the first reason stands. */
    void pull(String why) {
        List<Connection> open;
        synchronized (this) {
            if (closed || reason != null) {
                return;
            }
            reason = why;
            open = List.copyOf(connections);
            step.interrupt();
        }
        for (Connection connection : open) {
            Thread.ofVirtual().name("cancel").start(() -> cancel(connection));
        }
    }

    private static void cancel(Connection connection) {
        Thread canceller = Thread.ofVirtual().start(() -> {
            try {
                connection.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException unreachable) {
                abort(connection);
            }
        });
        try {
            canceller.join(CANCEL_MAX);
            TimeUnit.NANOSECONDS.sleep(CANCEL_MAX.toNanos());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        abort(connection); // nothing to do where the step has closed it
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException broken) {
            Thread.onSpinWait(); // it is gone already
        }
    }

    /** Why it was pulled; empty when it was not. */
    synchronized Optional<String> reason() {
        return Optional.ofNullable(reason);
    }

    /** Keeps what the step sees at the moment, in place of what it saw before; empty for nothing. */
    synchronized void saw(String what) {
        if (reason == null) {
            seen = what;
        }
    }

    /** What the step saw last before it was pulled, with a blank in front; empty for nothing. */
    synchronized String seen() {
        return seen.isEmpty() ? "" : " " + seen;
    }

    /** Takes a connection whose statements end with the leash. */
    synchronized void hold(Connection connection) throws SQLException {
        for (Connection earlier : List.copyOf(connections)) {
            if (earlier.isClosed()) {
                connections.remove(earlier);
            }
        }
        connections.add(connection);
    }

    /** The step has ended: it cannot be pulled any more, and an interrupt that came from it is taken back. */
    @Override
    public void close() {
        deadline.interrupt();
        synchronized (this) {
            closed = true;
            if (reason != null) {
                while (Thread.interrupted()) {
                    Thread.onSpinWait(); // a signal that came with it is told by Rig.isStopping
                }
            }
        }
    }
}

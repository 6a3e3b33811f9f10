package org.pgrehearse.verifier.compare;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.endpoint.SqlProblem;

/** Waits, for a bounded time, until both servers let us in again after one of them was lost. For one thread. */
final class Reconnection {
    private static final Duration POLL = Duration.ofMillis(250);
    private static final int LOSSES_MAX = 3;

    private final VerifyOptions options;
    private final ProgressMeter meter;
    private final LongSupplier nanos;
    private int losses;
    private long waitedNanos;

    Reconnection(VerifyOptions options, ProgressMeter meter, LongSupplier nanos) {
        this.options = options;
        this.meter = meter;
        this.nanos = nanos;
    }

    /**
     * Whether both servers are there again and it is worth beginning again. Never so under snapshots that the caller
     * holds, for nobody can take the same ones again.
     */
    boolean await(Side lost) throws InterruptedException {
        Duration bound = options.timeouts().reconnect();
        boolean ours = options.sourceSnapshot() == null && options.targetSnapshot() == null;
        if (!ours || bound.isZero() || losses >= LOSSES_MAX) {
            return false;
        }
        losses++;
        long began = nanos.getAsLong();
        boolean back = reachable();
        while (!back && nanos.getAsLong() - began < bound.toNanos()) {
            meter.pause("the " + lost + " is gone, waiting for it");
            TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
            back = reachable();
        }
        waitedNanos += nanos.getAsLong() - began;
        return back;
    }

    /** What happened, as a sentence; empty when no server was lost. */
    String told() {
        return losses == 0
                ? ""
                : "A server was lost " + (losses == 1 ? "once" : losses + " times")
                        + " and waited for, " + TimeUnit.NANOSECONDS.toSeconds(waitedNanos)
                        + " s in all: what was not finished by then was compared under new snapshots.";
    }

    private boolean reachable() {
        return List.of(options.source(), options.target()).stream().allMatch(Reconnection::answers);
    }

    /** A server that refuses for another reason than its absence is there; the next attempt tells the reason. */
    private static boolean answers(ConnectionSource server) {
        try (Connection _connection = server.open()) {
            return true;
        } catch (SQLException e) {
            SqlProblem problem = SqlProblem.of(e);
            return !problem.connectionLost() && !problem.tooManyConnections();
        }
    }
}

package org.pgrehearse.scenarios;

import java.sql.SQLException;
import java.util.Optional;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Environment;

/** What each side held at one moment, kept readable while the sides move on. Safe for use by many threads. */
final class HeldSnapshots implements AutoCloseable {
    private final HeldSnapshot source;
    private final HeldSnapshot target;

    HeldSnapshots(Environment environment) {
        this.source = new HeldSnapshot(environment.source());
        this.target = new HeldSnapshot(environment.target());
    }

    /** Keeps this moment of a side instead of any earlier one. */
    void take(Side side) throws SQLException {
        of(side).take();
    }

    /** What {@code SET TRANSACTION SNAPSHOT} takes on that side; empty when nothing is held. */
    Optional<String> id(Side side) {
        return of(side).id();
    }

    /** Lets both servers forget what was kept. */
    void release() throws SQLException {
        source.release();
        target.release();
    }

    private HeldSnapshot of(Side side) {
        return switch (side) {
            case SOURCE -> source;
            case TARGET -> target;
        };
    }

    @Override
    public void close() throws SQLException {
        try (source) {
            target.close();
        }
    }
}

package org.pgrehearse.scenarios;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Environment;

/** What each side held at one moment, kept readable while the sides move on. Safe for use by many threads. */
final class HeldSnapshots implements AutoCloseable {
    private final HeldSnapshot source;
    private final @Nullable HeldSnapshot target;

    HeldSnapshots(Environment environment) {
        this.source = new HeldSnapshot(environment.source());
        this.target = environment.hasTarget() ? new HeldSnapshot(environment.target()) : null;
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
        if (target != null) {
            target.release();
        }
    }

    private HeldSnapshot of(Side side) {
        return switch (side) {
            case SOURCE -> source;
            case TARGET -> Objects.requireNonNull(target, "a run on one server holds its target");
        };
    }

    @Override
    public void close() throws SQLException {
        try (source) {
            if (target != null) {
                target.close();
            }
        }
    }
}

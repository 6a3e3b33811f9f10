package org.pgrehearse.scenarios.migration;

import java.sql.SQLException;

/** How a step is undone when a later one fails. */
@FunctionalInterface
public interface WayBack {
    /** For steps that leave nothing to undo. */
    WayBack NONE = () -> "";

    /** Undoes the step and says in a few words what it did; an empty text when there was nothing to do. */
    String undo() throws SQLException, InterruptedException;
}

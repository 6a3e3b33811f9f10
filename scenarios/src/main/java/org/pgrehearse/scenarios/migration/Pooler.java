package org.pgrehearse.scenarios.migration;

import java.sql.SQLException;
import java.time.Duration;
import org.pgrehearse.reports.journal.Side;

/** What all of the application's connections go through, as an operator steers it. */
public interface Pooler {
    /**
     * Lets open transactions end and holds all that come after them; nothing is held when this fails.
     *
     * @param patience how long open transactions may take to end
     */
    void pause(Duration patience) throws SQLException;

    /** Lets held transactions go on. */
    void resume() throws SQLException;

    /** Leads new transactions to a side; those that are open end where they began. */
    void lead(Side side) throws SQLException;
}

package org.pgrehearse.verifier.endpoint;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

/** Opens connections to one database. Safe for use by many threads. */
public interface ConnectionSource {
    /** A new connection, owned by the caller. */
    Connection open() throws SQLException;

    /**
     * A new connection to the same database that speaks the replication protocol, owned by the caller.
     *
     * @throws SQLException also when this source of connections cannot open such a one
     */
    default Connection openReplication() throws SQLException {
        throw new SQLFeatureNotSupportedException("these connections cannot replicate", "0A000");
    }

    /** A {@code postgresql://} URL without user or password, for messages and reports. */
    String displayUrl();
}

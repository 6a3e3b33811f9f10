package org.pgrehearse.verifier.endpoint;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to one database. Safe for use by many threads. */
public interface ConnectionSource {
    /** A new connection, owned by the caller. */
    Connection open() throws SQLException;

    /** A {@code postgresql://} URL without user or password, for messages and reports. */
    String displayUrl();
}

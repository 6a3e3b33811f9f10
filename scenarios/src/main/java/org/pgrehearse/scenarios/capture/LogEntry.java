package org.pgrehearse.scenarios.capture;

/**
 * One message of a server's log. Texts that the log does not have are empty.
 *
 * @param place file and line it begins at
 * @param session session id, or process id where the log has no other
 * @param atMicros by the server's clock, without its time zone
 */
record LogEntry(
        String place,
        String session,
        long atMicros,
        String severity,
        String message,
        String detail,
        String sqlState,
        String query) {}

package org.pgrehearse.scenarios.monitor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Pattern;
import org.pgrehearse.reports.journal.LockWait;

/** Who waits for a lock, for which, and who holds it. */
final class LockQuestions {
    private static final int WAIT_START_SINCE = 14;
    private static final int STATEMENT_LENGTH_MAX = 160;
    private static final Pattern LITERAL = Pattern.compile("'(?:[^']|'')*'?");
    private static final Pattern DOLLAR_QUOTED = Pattern.compile("\\$(\\w*)\\$.*?(?:\\$\\1\\$|$)", Pattern.DOTALL);
    private static final Pattern SPACE = Pattern.compile("\\s+");

    /**
     * One row for each pair of a session that waits for longer than a moment and one that it waits for. Longer waits
     * first, so that a bound on the rows cuts the newest.
     */
    private static final String WAITS =
            "SELECT a.pid, a.application_name, a.backend_type, a.query, coalesce(l.mode, ''),"
                    + " coalesce(CASE WHEN l.relation IS NULL THEN l.locktype ELSE l.relation::regclass::text END, ''),"
                    + " extract(epoch FROM clock_timestamp() - SINCE) AS waited,"
                    + " b.blocker, coalesce(h.application_name, ''), coalesce(h.backend_type, ''),"
                    + " coalesce(h.state, ''),"
                    + " coalesce(h.query, '')"
                    + " FROM pg_stat_activity a"
                    + " CROSS JOIN LATERAL (SELECT DISTINCT unnest(pg_blocking_pids(a.pid)) AS blocker) b"
                    + " LEFT JOIN LATERAL (SELECT k.* FROM pg_locks k"
                    + " WHERE k.pid = a.pid AND NOT k.granted LIMIT 1) l ON true"
                    + " LEFT JOIN pg_stat_activity h ON h.pid = b.blocker"
                    + " WHERE a.wait_event_type = 'Lock' AND SINCE < clock_timestamp() - interval '100 ms'"
                    + " ORDER BY waited DESC, a.pid, b.blocker LIMIT 500";

    private LockQuestions() {}

    /** The question in the words of a major version; before 14 a wait is counted from the start of its statement. */
    static String waits(int major) {
        return WAITS.replace(
                "SINCE", major >= WAIT_START_SINCE ? "coalesce(l.waitstart, a.query_start)" : "a.query_start");
    }

    static LockWait wait(ResultSet row) throws SQLException {
        return new LockWait(
                row.getInt(1),
                who(row.getString(2), row.getString(3)),
                statement(row.getString(4)),
                row.getString(5),
                row.getString(6),
                row.getDouble(7),
                row.getInt(8),
                who(row.getString(9), row.getString(10)),
                row.getString(11),
                statement(row.getString(12)));
    }

    private static String who(String application, String backendType) {
        return application.isEmpty() ? backendType : application;
    }

    /** A statement without its values, which are nobody's business, in one line of bounded length. */
    static String statement(String sql) {
        String bare =
                LITERAL.matcher(DOLLAR_QUOTED.matcher(sql).replaceAll("'…'")).replaceAll("'…'");
        String line = SPACE.matcher(bare).replaceAll(" ").strip();
        return line.length() <= STATEMENT_LENGTH_MAX ? line : line.substring(0, STATEMENT_LENGTH_MAX) + "…";
    }
}

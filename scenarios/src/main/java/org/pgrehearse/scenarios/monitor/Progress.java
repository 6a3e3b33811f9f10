package org.pgrehearse.scenarios.monitor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How far a migration is, from what a monitor reads: the source's WAL, for how long the target has been behind it, and
 * the share of the initial copy. One thread writes what the source says, another what the target says, any may read.
 */
final class Progress {
    /** How many rows each table of the source has, roughly; never analyzed counts as one row. */
    static final String ROWS = "SELECT n.nspname || '.' || c.relname, greatest(c.reltuples, 1) FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')"
            + " AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

    private static final String COPY = "SELECT n.nspname || '.' || c.relname, r.srsubstate IN ('f', 's', 'r'), %s"
            + " FROM pg_subscription_rel r JOIN pg_class c ON c.oid = r.srrelid"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace %s";
    private static final int PROGRESS_SINCE = 14;

    /** Ten minutes of a monitor's turns; who is behind for longer is at least that long behind. */
    private static final int POSITIONS_MAX = 2400;

    private static final double NANOS_PER_SECOND = 1e9;

    private final String copyQuery;
    private final Deque<Position> positions = new ArrayDeque<>();
    private final Map<String, Double> rows = new ConcurrentHashMap<>();
    private final Map<String, Copy> copies = new ConcurrentHashMap<>();
    private double first = Double.NaN;
    private volatile double lsn = Double.NaN;
    private volatile double walBytes = Double.NaN;
    private volatile double lagSeconds = Double.NaN;
    private volatile double copied = Double.NaN;

    private record Position(double lsn, long atNanos) {}

    private record Copy(boolean done, double rows) {}

    Progress(int targetMajor) {
        copyQuery = targetMajor >= PROGRESS_SINCE
                ? COPY.formatted(
                        "coalesce(p.tuples_processed, 0)", "LEFT JOIN pg_stat_progress_copy p ON p.relid = r.srrelid")
                : COPY.formatted("0", "");
    }

    double lsn() {
        return lsn;
    }

    double walBytes() {
        return walBytes;
    }

    double lagSeconds() {
        return lagSeconds;
    }

    double copied() {
        return copied;
    }

    boolean isCopied() {
        return copied >= 1;
    }

    String copyQuery() {
        return copyQuery;
    }

    void wrote(double position, long atNanos) {
        first = Double.isNaN(first) ? position : first;
        lsn = position;
        walBytes = position - first;
        if (positions.isEmpty() || positions.getLast().lsn() < position) {
            positions.add(new Position(position, atNanos));
        }
        if (positions.size() > POSITIONS_MAX) {
            positions.removeFirst();
        }
    }

    /** The target has everything up to here: it is behind since the first position that was seen beyond. */
    void confirmed(double position, long nowNanos) {
        while (!positions.isEmpty() && positions.getFirst().lsn() <= position) {
            positions.removeFirst();
        }
        lagSeconds = positions.isEmpty() ? 0 : (nowNanos - positions.getFirst().atNanos()) / NANOS_PER_SECOND;
    }

    void rows(ResultSet row) throws SQLException {
        rows.put(row.getString(1), row.getDouble(2));
        share();
    }

    void copying(ResultSet row) throws SQLException {
        copies.put(row.getString(1), new Copy(row.getBoolean(2), row.getDouble(3)));
        share();
    }

    private void share() {
        double all = 0;
        double done = 0;
        for (Map.Entry<String, Copy> copy : copies.entrySet()) {
            double there = rows.getOrDefault(copy.getKey(), 1.0);
            all += there;
            done += copy.getValue().done()
                    ? there
                    : Math.min(there, copy.getValue().rows());
        }
        if (all > 0) {
            copied = done / all;
        }
    }
}

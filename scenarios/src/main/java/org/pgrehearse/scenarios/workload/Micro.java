package org.pgrehearse.scenarios.workload;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.pgrehearse.reports.journal.Action;

/** One step of a transaction on lists or registers; the server takes it in one statement. Immutable. */
sealed interface Micro {
    /** Whether it changes the key. */
    boolean writes();

    /**
     * Executes it inside an open transaction.
     *
     * @param done takes what is known of it: a change before it is sent, because it may take effect although its answer
     *     is lost, and a reading once it is here
     */
    void run(Connection connection, List<Action> done) throws SQLException;

    /** Appends a value to a list; the row's lock decides the order of appends. */
    record AppendTo(long key, long value) implements Micro {
        private static final String SQL = "INSERT INTO pgrehearse.lists AS l (key, items) VALUES (?, ARRAY[?::bigint])"
                + " ON CONFLICT (key) DO UPDATE SET items = l.items || excluded.items";

        @Override
        public boolean writes() {
            return true;
        }

        @Override
        public void run(Connection connection, List<Action> done) throws SQLException {
            done.add(new Action.Append(key, value));
            try (PreparedStatement append = connection.prepareStatement(SQL)) {
                append.setLong(1, key);
                append.setLong(2, value);
                requireOne(append.executeUpdate(), "an append to list " + key);
            }
        }
    }

    /** Reads a whole list; one that is not there is empty. */
    record ReadOfList(long key) implements Micro {
        @Override
        public boolean writes() {
            return false;
        }

        @Override
        public void run(Connection connection, List<Action> done) throws SQLException {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT items FROM pgrehearse.lists WHERE key = ?")) {
                query.setLong(1, key);
                try (ResultSet row = query.executeQuery()) {
                    done.add(new Action.ReadList(key, row.next() ? items(row.getArray(1)) : List.of()));
                }
            }
        }

        private static List<Long> items(Array array) throws SQLException {
            return array.getArray() instanceof Long[] items ? List.of(items) : List.of();
        }
    }

    /** Replaces the value of a register; the server counts the version in the same statement. */
    record WriteTo(long key, long value) implements Micro {
        private static final String SQL = "INSERT INTO pgrehearse.registers AS r (key, value, version) VALUES (?, ?, 1)"
                + " ON CONFLICT (key) DO UPDATE SET value = excluded.value, version = r.version + 1 RETURNING version";

        @Override
        public boolean writes() {
            return true;
        }

        @Override
        public void run(Connection connection, List<Action> done) throws SQLException {
            int place = done.size();
            done.add(new Action.Write(key, value, null));
            try (PreparedStatement write = connection.prepareStatement(SQL)) {
                write.setLong(1, key);
                write.setLong(2, value);
                try (ResultSet row = write.executeQuery()) {
                    requireOne(row.next() ? 1 : 0, "a write of register " + key);
                    done.set(place, new Action.Write(key, value, row.getLong(1)));
                }
            }
        }
    }

    /** Reads a register. */
    record ReadOfRegister(long key) implements Micro {
        @Override
        public boolean writes() {
            return false;
        }

        @Override
        public void run(Connection connection, List<Action> done) throws SQLException {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT value, version FROM pgrehearse.registers WHERE key = ?")) {
                query.setLong(1, key);
                try (ResultSet row = query.executeQuery()) {
                    done.add(
                            row.next()
                                    ? new Action.ReadRegister(key, row.getLong(1), row.getLong(2))
                                    : new Action.ReadRegister(key, null, 0));
                }
            }
        }
    }

    /** Fails, and so undoes the transaction, when a statement did not change the one row that it has to. */
    static void requireOne(int rows, String what) throws SQLException {
        if (rows != 1) {
            throw new SQLException("Cannot keep a promise: " + what + " changed " + rows + " rows instead of 1.");
        }
    }
}

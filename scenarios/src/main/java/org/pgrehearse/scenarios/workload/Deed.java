package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.PromiseTables;

/** One transaction of a promise, its keys already chosen. It remembers what it saw: for one use, by one thread. */
sealed interface Deed {
    /** Whether it writes, and so waits while writes are paused. */
    boolean writes();

    /** The level it asks for. */
    default Isolation isolation() {
        return Isolation.READ_COMMITTED;
    }

    /** Runs its statements inside an open transaction, which it neither commits nor rolls back. */
    void run(Connection connection) throws SQLException;

    /** What the journal takes of it; nothing when nothing can be concluded from it. */
    Optional<Event> event(Course course);

    /** How a deed went: who did it, when, where and with what outcome. */
    record Course(
            long atNanos,
            int process,
            long intendedNanos,
            long startedNanos,
            long endedNanos,
            Outcome outcome,
            @Nullable Side side) {}

    /** Steps on lists or registers in one transaction. */
    final class Steps implements Deed {
        private final String workload;
        private final Isolation isolation;
        private final List<Micro> micros;
        private final List<Action> done = new ArrayList<>();

        Steps(String workload, Isolation isolation, List<Micro> micros) {
            this.workload = workload;
            this.isolation = isolation;
            this.micros = List.copyOf(micros);
        }

        @Override
        public boolean writes() {
            return micros.stream().anyMatch(Micro::writes);
        }

        @Override
        public Isolation isolation() {
            return isolation;
        }

        @Override
        public void run(Connection connection) throws SQLException {
            for (Micro micro : micros) {
                micro.run(connection, done);
            }
        }

        @Override
        public Optional<Event> event(Course course) {
            return Optional.of(new Event.Transaction(
                    course.atNanos(),
                    workload,
                    course.process(),
                    course.intendedNanos(),
                    course.startedNanos(),
                    course.endedNanos(),
                    course.outcome(),
                    course.side(),
                    isolation,
                    done));
        }
    }

    /** Moves money from one account to another; the lower id is locked first, so that no two wait for each other. */
    record Transfer(long from, long to, long amount) implements Deed {
        @Override
        public boolean writes() {
            return true;
        }

        @Override
        public void run(Connection connection) throws SQLException {
            add(connection, Math.min(from, to), from < to ? -amount : amount);
            add(connection, Math.max(from, to), from < to ? amount : -amount);
        }

        private static void add(Connection connection, long account, long amount) throws SQLException {
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE pgrehearse.accounts SET balance = balance + ? WHERE id = ?")) {
                update.setLong(1, amount);
                update.setLong(2, account);
                Micro.requireOne(update.executeUpdate(), "a transfer on account " + account);
            }
        }

        @Override
        public Optional<Event> event(Course course) {
            return Optional.empty();
        }
    }

    /** Reads the total of all accounts in one statement, and so in one snapshot. */
    final class Total implements Deed {
        private long rows;
        private long sum;

        @Override
        public boolean writes() {
            return false;
        }

        @Override
        public void run(Connection connection) throws SQLException {
            try (Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery(
                            "SELECT count(*), coalesce(sum(balance), 0)::bigint FROM pgrehearse.accounts")) {
                Micro.requireOne(row.next() ? 1 : 0, "a reading of the total");
                rows = row.getLong(1);
                sum = row.getLong(2);
            }
        }

        @Override
        public Optional<Event> event(Course course) {
            return course.outcome() == Outcome.ACKNOWLEDGED
                    ? Optional.of(new Event.TotalRead(
                            course.atNanos(),
                            "pgrehearse.accounts",
                            course.startedNanos(),
                            course.endedNanos(),
                            course.side(),
                            rows,
                            sum,
                            PromiseTables.TOTAL))
                    : Optional.empty();
        }
    }

    /** Writes the same row to both twin tables. */
    record TwinWrite(long id, long value) implements Deed {
        @Override
        public boolean writes() {
            return true;
        }

        @Override
        public void run(Connection connection) throws SQLException {
            for (String table : List.of("pgrehearse.twins_first", "pgrehearse.twins_second")) {
                try (PreparedStatement write = connection.prepareStatement("INSERT INTO " + table
                        + " (id, value) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET value = excluded.value")) {
                    write.setLong(1, id);
                    write.setLong(2, value);
                    Micro.requireOne(write.executeUpdate(), "a write of " + table);
                }
            }
        }

        @Override
        public Optional<Event> event(Course course) {
            return Optional.empty();
        }
    }

    /** Compares the twin tables in one statement. */
    final class TwinComparison implements Deed {
        private static final String SQL = "SELECT count(*) FILTER (WHERE s.id IS NULL),"
                + " count(*) FILTER (WHERE f.id IS NULL),"
                + " coalesce(min('id ' || coalesce(f.id, s.id) || ' with value ' || coalesce(f.value, s.value)), '')"
                + " FROM pgrehearse.twins_first f FULL JOIN pgrehearse.twins_second s"
                + " ON f.id = s.id AND f.value = s.value WHERE f.id IS NULL OR s.id IS NULL";

        private long onlyFirst;
        private long onlySecond;
        private String example = "";

        @Override
        public boolean writes() {
            return false;
        }

        @Override
        public void run(Connection connection) throws SQLException {
            try (Statement query = connection.createStatement();
                    ResultSet row = query.executeQuery(SQL)) {
                Micro.requireOne(row.next() ? 1 : 0, "a comparison of the twins");
                onlyFirst = row.getLong(1);
                onlySecond = row.getLong(2);
                example = row.getString(3);
            }
        }

        @Override
        public Optional<Event> event(Course course) {
            return course.outcome() == Outcome.ACKNOWLEDGED
                    ? Optional.of(new Event.TwinsRead(
                            course.atNanos(),
                            "pgrehearse.twins_first and pgrehearse.twins_second",
                            course.startedNanos(),
                            course.endedNanos(),
                            course.side(),
                            onlyFirst,
                            onlySecond,
                            example))
                    : Optional.empty();
        }
    }

    /** Inserts a row that a sequence numbers. */
    final class Receipt implements Deed {
        private final long holder;
        private @Nullable Long number;

        Receipt(long holder) {
            this.holder = holder;
        }

        @Override
        public boolean writes() {
            return true;
        }

        @Override
        public void run(Connection connection) throws SQLException {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO pgrehearse.receipts (holder) VALUES (?) RETURNING number")) {
                insert.setLong(1, holder);
                try (ResultSet row = insert.executeQuery()) {
                    Micro.requireOne(row.next() ? 1 : 0, "a receipt");
                    number = row.getLong(1);
                }
            }
        }

        @Override
        public Optional<Event> event(Course course) {
            return number == null
                    ? Optional.empty()
                    : Optional.of(new Event.IdIssued(
                            course.atNanos(),
                            "pgrehearse.receipt_number",
                            course.process(),
                            course.startedNanos(),
                            course.endedNanos(),
                            course.outcome(),
                            course.side(),
                            number));
        }
    }
}

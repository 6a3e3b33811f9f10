package org.pgrehearse.scenarios.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.Writer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/**
 * What the services of a small company do to their database in a few seconds: payments by prepared statements, notes by
 * simple ones, batches, COPY both ways, ids that one service makes and another uses, canceled queries, connections that
 * are dropped in a transaction. What the tables hold at its end does not depend on the order of its sessions.
 */
public final class SyntheticDay {
    /** What its tables hold before it. */
    public static final String DATA = "INSERT INTO accounts SELECT n, 1000 FROM generate_series(1, 50) n;";

    /** Its tables, empty. */
    public static final String SCHEMA = """
        CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL);
        CREATE TABLE notes (service int, round int, note text, PRIMARY KEY (service, round));
        CREATE TABLE samples (at timestamptz, sensor int, reading numeric(12, 4), remark text,
                                  PRIMARY KEY (sensor, at));
        CREATE TABLE orders (id bigserial PRIMARY KEY, customer int NOT NULL, tag uuid DEFAULT gen_random_uuid());
        CREATE TABLE lines (order_id bigint NOT NULL REFERENCES orders, line int, amount int NOT NULL,
                            PRIMARY KEY (order_id, line));
        CREATE TABLE shipped (order_id bigint PRIMARY KEY REFERENCES orders, total int NOT NULL);
        """;

    /** The tables as they are before it. */
    public static final String TABLES = SCHEMA + DATA;

    /** What undoes it all. */
    public static final String DROP = "DROP TABLE IF EXISTS accounts, notes, samples, orders, lines, shipped CASCADE;";

    /** Statements of the day that fail, each because it is canceled. */
    public static final int CANCELED = 2;

    private static final int ROUNDS = 12;
    private static final int ORDERS = 15;

    private final String url;
    private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    private final BlockingQueue<Long> made = new LinkedBlockingQueue<>();

    /** A day of clients who log in as {@code app} here. */
    public SyntheticDay(String host, int port, String database) {
        this.url = "jdbc:postgresql://" + host + ":" + port + "/" + database + "?user=app&ApplicationName=day";
    }

    /** Lives it. */
    public void live() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (Service service : List.<Service>of(
                () -> payments(0, "&prepareThreshold=1"),
                () -> payments(1, "&preferQueryMode=simple"),
                () -> payments(2, "&prepareThreshold=-1&binaryTransfer=true"),
                this::loads,
                this::takesOrders,
                this::fillsOrders,
                this::cancels,
                this::drops)) {
            threads.add(Thread.ofPlatform()
                    .uncaughtExceptionHandler((thread, e) -> failures.add(e))
                    .start(() -> run(service)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    private interface Service {
        void run() throws SQLException, IOException, InterruptedException;
    }

    private static void run(Service service) {
        try {
            service.run();
        } catch (SQLException | IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Connection connect(String options) throws SQLException {
        return DriverManager.getConnection(url + options);
    }

    private void payments(int service, String options) throws SQLException {
        SplittableRandom random = new SplittableRandom(service);
        try (Connection connection = connect(options)) {
            for (int round = 0; round < ROUNDS; round++) {
                connection.setAutoCommit(true);
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO notes VALUES (?, ?, ?)")) {
                    insert.setInt(1, service);
                    insert.setInt(2, round);
                    insert.setString(3, round % 5 == 0 ? null : "it's\n\t\"é\", $1 = 'x' -- " + random.nextInt());
                    insert.execute();
                }
                connection.setAutoCommit(false);
                try (PreparedStatement update =
                        connection.prepareStatement("UPDATE accounts SET balance = balance + ? WHERE id = ?")) {
                    int amount = 1 + random.nextInt(9);
                    pay(update, 1 + random.nextInt(25), -amount);
                    pay(update, 26 + random.nextInt(25), amount);
                    update.executeBatch();
                }
                if (round % 6 == 2) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
            }
        }
    }

    private static void pay(PreparedStatement update, int account, int amount) throws SQLException {
        update.setInt(1, amount);
        update.setInt(2, account);
        update.addBatch();
    }

    private void loads() throws SQLException, IOException {
        try (Connection connection = connect("")) {
            StringBuilder rows = new StringBuilder();
            for (int i = 0; i < 500; i++) {
                rows.append("2024-03-01 10:00:00.")
                        .append(100_000 + i)
                        .append("+00\t")
                        .append(i % 7)
                        .append('\t');
                rows.append(i)
                        .append(".2500\t")
                        .append(i % 3 == 0 ? "\\N" : "a\\tb \"é\"")
                        .append('\n');
            }
            PGConnection pg = connection.unwrap(PGConnection.class);
            pg.getCopyAPI().copyIn("COPY samples FROM STDIN", new StringReader(rows.toString()));
            connection.setAutoCommit(false);
            pg.getCopyAPI()
                    .copyIn(
                            "COPY samples (sensor, at, reading) FROM STDIN WITH (FORMAT csv)",
                            new StringReader("100,2024-03-02,1.5\n101,2024-03-02,\"2.5\"\n"));
            connection.commit();
            StringBuilder out = new StringBuilder();
            pg.getCopyAPI().copyOut("COPY (SELECT * FROM samples) TO STDOUT", new Appending(out));
            connection.commit();
            assertThat(out.toString().lines().count()).isEqualTo(502);
        }
    }

    private void takesOrders() throws SQLException {
        try (Connection connection = connect("&prepareThreshold=3")) {
            for (int i = 0; i < ORDERS; i++) {
                boolean drawn = i % 3 == 0;
                try (Statement statement = connection.createStatement()) {
                    ResultSet row = statement.executeQuery(
                            drawn
                                    ? "SELECT nextval('orders_id_seq')"
                                    : "INSERT INTO orders (customer) VALUES (" + (i + 1) + ") RETURNING id, tag");
                    assertThat(row.next()).isTrue();
                    long id = row.getLong(1);
                    if (drawn) {
                        statement.execute("INSERT INTO orders (id, customer) VALUES (" + id + ", " + (i + 1) + ")");
                    } else {
                        statement.execute(
                                "UPDATE orders SET customer = customer + 100 WHERE tag = '" + row.getString(2) + "'");
                    }
                    made.add(id);
                }
            }
            made.add(-1L);
        }
    }

    /** Uses what the other session made, as literals, parameters, in an array and in a COPY. */
    private void fillsOrders() throws SQLException, InterruptedException, IOException {
        try (Connection connection = connect("&prepareThreshold=2")) {
            connection.setAutoCommit(false);
            long count = 0;
            for (Long id = made.poll(30, TimeUnit.SECONDS);
                    id != null && id > 0;
                    id = made.poll(30, TimeUnit.SECONDS)) {
                count++;
                try (PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO lines (order_id, line, amount) VALUES (?, ?, ?), (?, 2, 7)")) {
                    insert.setLong(1, id);
                    insert.setInt(2, 1);
                    insert.setLong(3, count);
                    insert.setLong(4, id);
                    insert.execute();
                }
                connection
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyIn(
                                "COPY lines (amount, order_id, line) FROM STDIN",
                                new StringReader("1000\t" + id + "\t3\n"));
                try (PreparedStatement ship = connection.prepareStatement(
                        "INSERT INTO shipped SELECT l.order_id, sum(l.amount) FROM lines l WHERE l.order_id = ANY (?)"
                                + " GROUP BY 1")) {
                    ship.setArray(1, connection.createArrayOf("int8", new Long[] {id}));
                    ship.execute();
                }
                connection.commit();
            }
            assertThat(count).isEqualTo(ORDERS);
        }
    }

    private void cancels() throws SQLException {
        try (Connection connection = connect("")) {
            for (int i = 0; i < CANCELED; i++) {
                try (Statement statement = connection.createStatement()) {
                    statement.setQueryTimeout(1);
                    statement.execute("UPDATE accounts SET balance = 0 WHERE pg_sleep(100) IS NULL");
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).isEqualTo("57014");
                }
            }
        }
    }

    private void drops() throws SQLException {
        for (int i = 0; i < 3; i++) {
            Connection connection = connect("");
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO notes VALUES (50, " + i + ", 'dropped')");
            }
            connection.abort(Runnable::run);
        }
    }

    /** A writer into a text. */
    private static final class Appending extends Writer {
        private final StringBuilder text;

        Appending(StringBuilder text) {
            this.text = text;
        }

        @Override
        public void write(char[] chars, int from, int length) {
            text.append(chars, from, length);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}

package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.capture.Capture;
import org.pgrehearse.scenarios.capture.LinePrefix;
import org.pgrehearse.scenarios.capture.Recorded;
import org.pgrehearse.scenarios.capture.Tally;
import org.pgrehearse.scenarios.capture.WorkloadFile;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gateway;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.PoolLimits;
import org.pgrehearse.scenarios.topology.Route;
import org.pgrehearse.scenarios.topology.Timeouts;
import org.pgrehearse.scenarios.workload.Fidelity;
import org.pgrehearse.scenarios.workload.Replay;
import org.pgrehearse.scenarios.workload.Tokens;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;

/** What real servers log is captured, and replayed on another server it leaves the same data. */
final class ReplayIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int FIRST_WITH_JSON = 15;
    private static final int SESSIONS = 4;
    private static final int ROUNDS = 15;
    private static final String TABLES = """
            CREATE TABLE accounts (id int PRIMARY KEY, balance bigint NOT NULL);
            INSERT INTO accounts SELECT n, 1000 FROM generate_series(1, 50) n;
            CREATE TABLE notes (session int, round int, note text, PRIMARY KEY (session, round));
            """;
    private static final String EMPTY = "DROP TABLE accounts, notes; TRUNCATE pgrehearse.ledger;" + TABLES;

    @TempDir
    private Path folder;

    /** All of them, unless {@code -Dmajors=12,15} asks for some. */
    static List<Integer> majors() {
        return Stream.of(System.getProperty("majors", "12,13,14,15,16,17,18").split(",", -1))
                .map(Integer::valueOf)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("majors")
    void a_recorded_run_replays_to_the_same_data_from_each_format_of_log(int major) throws Exception {
        boolean json = major >= FIRST_WITH_JSON;
        try (EmbeddedEnvironment servers = start(major, json ? "stderr,csvlog,jsonlog" : "stderr,csvlog")) {
            record(servers);
            List<Recorded> csv = capture(Capture.Format.CSVLOG, "log.csv");
            List<Recorded> plain = capture(Capture.Format.STDERR, "log.log");
            List<List<Recorded>> captures = new ArrayList<>(List.of(csv, plain));
            if (json) {
                captures.add(capture(Capture.Format.JSONLOG, "log.json"));
                assertThat(captures.getLast()).containsExactlyInAnyOrderElementsOf(csv);
            }

            assertThat(csv).hasSizeGreaterThan(SESSIONS * ROUNDS * 4);
            assertThat(texts(plain)).containsExactlyInAnyOrderElementsOf(texts(csv));
            for (List<Recorded> recorded : captures) {
                TestEnvironments.execute(servers.target(), EMPTY);
                replay(servers.target(), recorded);
                requireSame(servers);
            }
        }
    }

    private static void requireSame(EmbeddedEnvironment servers) throws Exception {
        try (HeldSnapshots none = new HeldSnapshots(servers)) {
            for (TableComparison table :
                    new Comparison(servers).run(Side.SOURCE, none).tables()) {
                if (table.toString().contains("accounts") || table.toString().contains("notes")) {
                    assertThat(table.verdict()).as(table.toString()).isEqualTo(Verdict.CONSISTENT);
                }
            }
        }
    }

    private void replay(Server target, List<Recorded> recorded) throws Exception {
        MemoryRecorder journal = new MemoryRecorder();
        Gateway gateway = new Gateway(Side.TARGET, target.host(), target.port(), target.database());
        try (Application application = new Application(
                "app",
                Login.trusted("postgres"),
                new Route(List.of(gateway), Side.TARGET),
                Timeouts.usual(),
                PoolLimits.of(5))) {
            Replay replay = Replay.start(recorded, 10, LONG, List.of(application), Tokens.recorded(), journal);
            assertThat(replay.awaitEnd(LONG)).isTrue();
            long operations = replay.stop(LONG);
            Fidelity.Counts counts = replay.fidelity().counts();

            assertThat(journal.events(Event.Trouble.class)).isEmpty();
            assertThat(journal.operations())
                    .hasSize((int) operations)
                    .allMatch(each -> each.side() == Side.TARGET || each.outcome() != Outcome.ACKNOWLEDGED);
            assertThat(counts.failedOtherwise()).isZero();
            assertThat(counts.succeededOtherwise()).isZero();
            assertThat(counts.failedAsRecorded()).isEqualTo((long) SESSIONS * ROUNDS / 3);
            assertThat(counts.executed() + counts.failedAsRecorded())
                    .isEqualTo(recorded.stream().filter(each -> !each.ends()).count());
            assertThat(TestEnvironments.query(target, "SELECT count(*) FROM pgrehearse.ledger"))
                    .isEqualTo(Integer.toString(
                            journal.tokens(Outcome.ACKNOWLEDGED).size()));
            assertThat(journal.events(Event.Remark.class).getLast().text()).startsWith("Replay: ");
        }
    }

    private EmbeddedEnvironment start(int major, String destination) {
        return TestEnvironments.start(
                EmbeddedPlan.of(major, 17).withFsync(false).withSettings(Side.SOURCE, logging(destination)), folder);
    }

    private Map<String, String> logging(String destination) {
        return Map.of(
                "logging_collector", "on",
                "log_destination", destination,
                "log_filename", "log.log",
                "log_file_mode", "0644",
                "log_disconnections", "on");
    }

    private Path log = Path.of("");

    /** Half of the run with one way of logging, half with the other. */
    private void record(EmbeddedEnvironment servers) throws Exception {
        for (Server server : List.of(servers.source(), servers.target())) {
            try (Connection connection = server.admin()) {
                ShopDataset.createSchema(connection);
            }
            TestEnvironments.execute(server, TABLES);
        }
        log = servers.source().data().resolve("log");
        set(servers.source(), "log_statement = 'all'");
        work(servers.source(), 0);
        set(servers.source(), "log_statement = 'none'");
        set(servers.source(), "log_min_duration_statement = 0");
        work(servers.source(), ROUNDS);
        TestEnvironments.execute(servers.source(), "SELECT 'the end'");
        await().dontCatchUncaughtExceptions().atMost(LONG).until(() -> {
            try (var files = Files.list(log)) {
                for (Path file : files.toList()) {
                    if (!Files.readString(file).contains("the end")) {
                        return false;
                    }
                }
                return true;
            }
        });
    }

    private static void set(Server server, String setting) throws SQLException {
        TestEnvironments.execute(server, "ALTER SYSTEM SET " + setting);
        TestEnvironments.execute(server, "SELECT pg_reload_conf(), pg_sleep(0.3)");
    }

    private static void work(Server server, int from) throws Exception {
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < SESSIONS; i++) {
            int session = i;
            threads.add(Thread.ofPlatform()
                    .uncaughtExceptionHandler((thread, e) -> failures.add(e))
                    .start(() -> session(server, session, from)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failures).isEmpty();
    }

    private static void session(Server server, int session, int from) {
        String url = "jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database()
                + "?prepareThreshold=" + (session % 2) + "&preferQueryMode=" + (session == 3 ? "simple" : "extended");
        SplittableRandom random = new SplittableRandom(session);
        try (Connection connection = DriverManager.getConnection(url, "postgres", "")) {
            for (int round = from; round < from + ROUNDS; round++) {
                connection.setAutoCommit(true);
                try (PreparedStatement insert = connection.prepareStatement("INSERT INTO notes VALUES (?, ?, ?)")) {
                    insert.setInt(1, session);
                    insert.setInt(2, round);
                    insert.setString(3, round % 5 == 0 ? null : "it's\n\t\"é\", $1 = 'x' -- " + random.nextInt());
                    insert.execute();
                }
                connection.setAutoCommit(false);
                int one = 1 + random.nextInt(25);
                transfer(connection, one, 26 + random.nextInt(25), 1 + random.nextInt(9));
                if (round % 6 == 1) {
                    refused(connection);
                    connection.rollback();
                } else if (round % 6 == 2) {
                    connection.rollback();
                } else {
                    connection.commit();
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void transfer(Connection connection, int one, int other, int amount) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE accounts\nSET balance = balance + ?\n WHERE id = ?")) {
            for (int[] each : new int[][] {{one, -amount}, {other, amount}}) {
                update.setInt(1, each[1]);
                update.setInt(2, each[0]);
                update.execute();
            }
        }
    }

    private static void refused(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO accounts VALUES (1, 1 / 0)");
        } catch (SQLException e) {
            assertThat(e.getSQLState()).isEqualTo("22012");
        }
    }

    private List<Recorded> capture(Capture.Format format, String name) throws IOException {
        Path out = folder.resolve(name + ".jsonl.gz");
        Tally tally =
                new Capture(format, LinePrefix.of("%m [%p] %q%u@%d %a "), null).run(List.of(log.resolve(name)), out);
        assertThat(tally.skipped()).as(tally.examples().toString()).isEmpty();
        // What the test asked of the server for itself is no part of the run.
        return WorkloadFile.read(out).stream()
                .filter(each -> each.sql() == null
                        || !(each.sql().startsWith("ALTER SYSTEM") || each.sql().startsWith("SELECT ")))
                .toList();
    }

    private static List<String> texts(List<Recorded> recorded) {
        return recorded.stream()
                .filter(each -> !each.ends())
                .map(each -> each.sql() + " " + each.parameters() + " "
                        + !each.sqlState().isEmpty())
                .filter(Objects::nonNull)
                .toList();
    }
}

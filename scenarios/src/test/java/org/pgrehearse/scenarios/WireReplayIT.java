package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.capture.Capture;
import org.pgrehearse.scenarios.capture.LinePrefix;
import org.pgrehearse.scenarios.capture.Recorded;
import org.pgrehearse.scenarios.capture.Tally;
import org.pgrehearse.scenarios.capture.WireCapture;
import org.pgrehearse.scenarios.capture.WorkloadFile;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.scenarios.testkit.SyntheticDay;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gateway;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.PoolLimits;
import org.pgrehearse.scenarios.topology.Route;
import org.pgrehearse.scenarios.topology.Timeouts;
import org.pgrehearse.scenarios.workload.Fidelity;
import org.pgrehearse.scenarios.workload.Replay;
import org.pgrehearse.scenarios.workload.Tokens;

/** One day, seen on the wire and in the logs at the same time, replays on another server to the same data. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WireReplayIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final Path PGBENCH = Path.of("/usr/lib/postgresql/15/bin/pgbench");

    /** Every sequence of the target is elsewhere, so that no id of the recording is one of the replay. */
    private static final String ELSEWHERE = "SELECT setval('orders_id_seq', 100000)";

    private static final Map<String, String> STATES = new TreeMap<>(Map.of(
            "accounts", "SELECT md5(string_agg(a::text, ',' ORDER BY id)) FROM accounts a",
            "notes", "SELECT md5(string_agg(n::text, ',' ORDER BY service, round)) FROM notes n",
            "samples", "SELECT md5(string_agg(s::text, ',' ORDER BY sensor, at)) || count(*) FROM samples s",
            "orders", """
            SELECT string_agg(customer || ':' || lines || ':' || coalesce(total, -1), ',' ORDER BY customer)
            FROM (SELECT customer, string_agg(line || '=' || amount, ' ' ORDER BY line) AS lines, s.total
                  FROM orders o LEFT JOIN lines l ON l.order_id = o.id LEFT JOIN shipped s ON s.order_id = o.id
                  GROUP BY o.id, customer, s.total) each\
            """,
            "bench", """
            SELECT md5(string_agg(abalance::text, ',' ORDER BY aid)) || (SELECT sum(tbalance) FROM pgbench_tellers)
              || (SELECT md5(string_agg(bid || ' ' || tid || ' ' || aid || ' ' || delta, ',' ORDER BY tid, aid, delta))
                  FROM pgbench_history) FROM pgbench_accounts\
            """));

    @SuppressWarnings("NullAway.Init") // set before all tests
    private Path folder;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private EmbeddedEnvironment servers;

    private List<Recorded> wire = List.of();
    private final List<Path> logs = new ArrayList<>();

    @BeforeAll
    void record(@TempDir Path own) throws Exception {
        folder = own;
        servers = TestEnvironments.start(
                EmbeddedPlan.of(15, 17)
                        .withFsync(false)
                        .withSettings(
                                Side.SOURCE,
                                Map.of(
                                        "logging_collector", "on",
                                        "log_destination", "csvlog,jsonlog",
                                        "log_filename", "log.log",
                                        "log_file_mode", "0644",
                                        "log_disconnections", "on")),
                folder);
        for (Server server : List.of(servers.source(), servers.target())) {
            try (Connection connection = server.admin()) {
                ShopDataset.createSchema(connection);
            }
            TestEnvironments.execute(server, SyntheticDay.TABLES);
            bench(server, server.port(), List.of("-i", "-q", "-s", "1"));
        }
        TestEnvironments.execute(
                servers.source(), "CREATE ROLE app SUPERUSER LOGIN; ALTER ROLE app SET log_statement = 'all'");
        Path out = folder.resolve("wire.jsonl.gz");
        Tally tally;
        try (WireCapture capture = WireCapture.start(
                InetSocketAddress.createUnresolved("127.0.0.1", 0),
                InetSocketAddress.createUnresolved(
                        servers.source().host(), servers.source().port()),
                out,
                null)) {
            tally = capture.tally();
            int port = capture.address().getPort();
            new SyntheticDay("127.0.0.1", port, servers.source().database()).live();
            for (String mode : List.of("simple", "extended", "prepared")) {
                bench(servers.source(), port, List.of("-n", "-c", "2", "-t", "15", "-M", mode, "--random-seed=7"));
            }
        }
        assertThat(tally.skipped()).as(tally.examples().toString()).isEmpty();
        wire = WorkloadFile.read(out);
        awaitLogs();
    }

    @AfterAll
    void stop() {
        servers.close();
    }

    private static boolean hasBench() {
        boolean there = Files.isExecutable(PGBENCH);
        assertThat(there || !Boolean.getBoolean("pgrehearse.tests.complete"))
                .as("Install pgbench at " + PGBENCH + ".")
                .isTrue();
        return there;
    }

    private void bench(Server server, int port, List<String> arguments) throws Exception {
        if (!hasBench()) {
            return;
        }
        List<String> command = new ArrayList<>(List.of(PGBENCH.toString()));
        command.addAll(arguments);
        command.addAll(List.of(
                "-h", "127.0.0.1", "-p", Integer.toString(port), "-U", arguments.contains("-i") ? "postgres" : "app"));
        command.add(server.database());
        Path output = folder.resolve("pgbench.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    private void awaitLogs() throws Exception {
        TestEnvironments.execute(servers.source(), "DO 'BEGIN RAISE LOG $$the end$$; END'");
        Path log = servers.source().data().resolve("log");
        for (String name : List.of("log.csv", "log.json")) {
            Path file = log.resolve(name);
            await().dontCatchUncaughtExceptions()
                    .atMost(LONG)
                    .until(() -> Files.readString(file).contains("the end"));
            logs.add(file);
        }
    }

    @Test
    void a_day_and_pgbench_seen_on_the_wire_replay_to_the_same_data_though_every_id_differs() throws Exception {
        assumeTrue(hasBench());
        Fidelity.Counts counts = replay(wire);

        assertThat(states(servers.target())).isEqualTo(states(servers.source()));
        assertThat(counts.failedOtherwise()).isZero();
        assertThat(counts.succeededOtherwise()).isZero();
        assertThat(counts.skipped()).isEmpty();
        assertThat(counts.failedAsRecorded()).isEqualTo(SyntheticDay.CANCELED);
        assertThat(counts.ids().mapped()).isEqualTo(15 * 5);
        assertThat(counts.ids().statementsUnmapped()).isZero();
        assertThat(counts.ids().silent()).isZero();
        assertThat(TestEnvironments.query(servers.target(), "SELECT min(id) > 100000 FROM orders"))
                .isEqualTo("t");
    }

    /** The twin: without what the server answered, the ids of the recording lead nowhere. */
    @Test
    @SuppressWarnings("NullAway") // a record's constructor forgets in its class file that elements may be null
    void without_the_answers_rows_are_missed_and_that_is_told() throws Exception {
        List<Recorded> silent = new ArrayList<>();
        for (Recorded each : wire) {
            silent.add(new Recorded(
                    each.session(),
                    each.atMicros(),
                    each.sql(),
                    each.parameters(),
                    each.durationMicros(),
                    each.sqlState(),
                    null,
                    each.copy()));
        }
        Fidelity.Counts counts = replay(silent);

        assertThat(states(servers.target()).get("orders"))
                .isNotEqualTo(states(servers.source()).get("orders"));
        assertThat(counts.failedOtherwise()).isPositive();
        assertThat(counts.ids().mapped()).isZero();
        assertThat(counts.ids().silent()).isEqualTo(15);
    }

    @Test
    void the_same_day_in_csvlog_and_jsonlog_replays_to_the_same_data_where_no_id_and_no_copy_is_used()
            throws Exception {
        assumeTrue(hasBench());
        for (Path log : logs) {
            Path out = folder.resolve(log.getFileName() + ".jsonl.gz");
            Tally tally = new Capture(Capture.Format.AUTO, LinePrefix.of("%m [%p] "), null).run(List.of(log), out);
            assertThat(tally.skipped()).containsOnlyKeys("copy");
            List<Recorded> recorded = WorkloadFile.read(out);
            Fidelity.Counts counts = replay(recorded);

            Map<String, String> expected = states(servers.source());
            for (String table : List.of("accounts", "notes", "bench")) {
                assertThat(states(servers.target()).get(table))
                        .as(log + " " + table)
                        .isEqualTo(expected.get(table));
            }
            assertThat(counts.failedAsRecorded()).as(counts.toString()).isEqualTo(SyntheticDay.CANCELED);
            assertThat(counts.ids().silent()).isEqualTo(15);
            assertThat(texts(recorded)).containsExactlyInAnyOrderElementsOf(texts(wire));
        }
    }

    /** What both ways of looking must agree about: every statement but COPY, with its parameters and how it ended. */
    private static List<String> texts(List<Recorded> recorded) {
        List<String> texts = new ArrayList<>();
        for (Recorded each : recorded) {
            String sql = each.sql();
            if (sql != null && !sql.startsWith("COPY")) {
                texts.add(sql + " " + each.parameters().size() + " " + each.sqlState());
            }
        }
        return texts;
    }

    private static Map<String, String> states(Server server) throws SQLException {
        Map<String, String> states = new TreeMap<>();
        for (Map.Entry<String, String> each : STATES.entrySet()) {
            if (!each.getKey().equals("bench") || hasBench()) {
                states.put(each.getKey(), TestEnvironments.query(server, each.getValue()));
            }
        }
        return states;
    }

    private Fidelity.Counts replay(List<Recorded> recorded) throws Exception {
        Server target = servers.target();
        TestEnvironments.execute(
                target, SyntheticDay.DROP + "TRUNCATE pgrehearse.ledger;" + SyntheticDay.TABLES + ELSEWHERE);
        bench(target, target.port(), List.of("-i", "-q", "-s", "1"));
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
            replay.stop(LONG);
            assertThat(journal.events(Event.Trouble.class)).isEmpty();
            return replay.fidelity().counts();
        }
    }
}

package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.capture.Mask;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.statistics.MixFolder;
import org.pgrehearse.scenarios.statistics.StatisticsMix;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.verifier.endpoint.ConnectionSource;

/** What a server's statistics count becomes a mix of scripts, which runs. */
final class StatisticsIT {
    private static final int ROUNDS = 40;
    private static final String SCHEMA = """
            CREATE TABLE customers (id serial PRIMARY KEY, email text UNIQUE, born date);
            CREATE TABLE bookings (id bigserial PRIMARY KEY, customer_id int REFERENCES customers, state text,
              amount numeric(12,2), placed_at timestamptz DEFAULT now(), place point);
            """;
    private static final String DATA = """
            INSERT INTO customers (email, born) SELECT 'c' || n || '@example.com', '1990-01-01'::date + n
              FROM generate_series(1, 500) n;
            INSERT INTO bookings (customer_id, state, amount) SELECT 1 + n % 500, 'new', n
              FROM generate_series(1, 2000) n;
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {12, 18})
    void what_was_called_is_run_again_in_its_shares_and_what_cannot_be_is_named(int major) throws Exception {
        try (EmbeddedEnvironment servers = start(major)) {
            Server server = servers.source();
            TestEnvironments.execute(server, "CREATE EXTENSION pg_stat_statements; " + SCHEMA + DATA + "ANALYZE");
            StatisticsMix mix = StatisticsMix.take(source(server), () -> work(server), null);

            assertThat(mix.scripts())
                    .filteredOn(script -> script.calls() == 2 * ROUNDS)
                    .singleElement()
                    .satisfies(script -> assertThat(script.script())
                            .contains("SELECT email FROM customers WHERE id = (ARRAY['", "\\set p1 random(1, 100)"));
            assertThat(mix.scripts())
                    .filteredOn(script -> script.calls() == ROUNDS)
                    .hasSize(4)
                    .anySatisfy(script -> assertThat(script.script())
                            .contains("INSERT INTO customers", "md5(random()::text || clock_timestamp()::text)"))
                    .anySatisfy(script -> assertThat(script.script()).contains("- interval '1 day'"));
            assertThat(mix.leftOut())
                    .anySatisfy(each -> {
                        assertThat(each.query()).contains("place ~= ");
                        assertThat(each.why()).contains("no column tells what $1 of type point is");
                    })
                    .anySatisfy(each -> assertThat(each.why()).isEqualTo("it may hold a secret"))
                    .allSatisfy(each -> assertThat(each.query()).doesNotContain("hunter2", "pg_attribute"));
            assertThat(mix.coveredCalls()).isBetween(0.5, 0.99);
            assertThat(mix.remarks()).isEmpty();

            MixFolder.write(mix, folder.resolve("mix"));
        }
        Judgement judgement = run(folder.resolve("mix"));
        assertThat(judgement.reasons()).isEmpty();
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.PASSED);
    }

    private Judgement run(Path mix) throws Exception {
        Files.writeString(mix.resolve("schema.sql"), "\\restrict aB3\n" + SCHEMA + "\n\\unrestrict aB3\n");
        Files.writeString(mix.resolve("data.sql"), DATA);
        Path file = mix.resolve("scenario.yaml");
        String yaml = Files.readString(file)
                .replaceFirst("rate: .*/s", "rate: 100/s")
                .replace("{for: 30s}", "{for: 2s}")
                .replace("migration:", "warm-up: 1s\ncool-down: 1s\nmigration:");
        Scenario scenario = new ScenarioReader(RehearsalWords.vocabulary()).read(file.toString(), yaml);
        Machine machine = Machine.detect();
        MemoryRecorder recorder = new MemoryRecorder();
        RehearsalPlan plan = new RehearsalPlan(
                scenario, 5, mix, machine, TestEnvironments.binaries(machine.cache()), "test", Instant.now());
        new Rehearsal(plan, recorder, line -> {}).run();
        assertThat(recorder.events(Event.Operation.class)).hasSizeGreaterThan(100);
        assertThat(recorder.tokens(Outcome.ACKNOWLEDGED)).isNotEmpty();
        return Judge.judge(recorder.events());
    }

    @Test
    void a_reset_hidden_texts_masks_and_a_missing_extension_are_told() throws Exception {
        try (EmbeddedEnvironment servers = start(15)) {
            Server server = servers.source();
            assertThatThrownBy(() -> StatisticsMix.take(source(server), () -> {}, null))
                    .isInstanceOf(StatisticsMix.NoStatistics.class)
                    .hasMessageContainingAll("CREATE EXTENSION pg_stat_statements", "shared_preload_libraries");
            TestEnvironments.execute(server, "CREATE EXTENSION pg_stat_statements; " + SCHEMA + DATA);
            work(server);
            StatisticsMix reset = StatisticsMix.take(
                    source(server),
                    () -> {
                        execute(server, "SELECT pg_stat_statements_reset()");
                        work(server);
                    },
                    new Mask(new byte[32]));

            assertThat(reset.remarks()).singleElement().asString().contains("statistics were reset between the looks");
            assertThat(reset.scripts())
                    .isNotEmpty()
                    .noneMatch(each -> each.script().contains("@example.com"));
            MixFolder.write(reset, folder.resolve("mix"));
            assertThatThrownBy(() -> MixFolder.write(reset, folder.resolve("mix")))
                    .isInstanceOf(FileAlreadyExistsException.class);

            TestEnvironments.execute(server, "CREATE ROLE curious LOGIN");
            ConnectionSource curious = new ConnectionSource() {
                @Override
                public Connection open() throws SQLException {
                    Connection connection = server.admin();
                    try (var statement = connection.createStatement()) {
                        statement.execute("SET SESSION AUTHORIZATION curious");
                    }
                    return connection;
                }

                @Override
                public String displayUrl() {
                    return "curious";
                }
            };
            StatisticsMix hidden = StatisticsMix.take(curious, () -> work(server), null);
            assertThat(hidden.hiddenCalls()).isGreaterThan(ROUNDS);
            assertThat(hidden.scripts()).isEmpty();
            assertThat(hidden.coveredCalls()).isZero();
        }
    }

    private EmbeddedEnvironment start(int major) {
        return TestEnvironments.start(
                EmbeddedPlan.of(major, 17)
                        .withFsync(false)
                        .withSettings(
                                Side.SOURCE,
                                Map.of("shared_preload_libraries", "pg_stat_statements", "autovacuum", "off")),
                folder);
    }

    private static ConnectionSource source(Server server) {
        return new ConnectionSource() {
            @Override
            public Connection open() throws SQLException {
                return server.admin();
            }

            @Override
            public String displayUrl() {
                return "here";
            }
        };
    }

    private static void work(Server server) {
        List<String> once = List.of(
                "INSERT INTO customers (email, born) VALUES (md5(random()::text), '2000-01-01')",
                "INSERT INTO bookings (customer_id, state, amount) VALUES (7, 'new', 10.50)",
                "UPDATE bookings SET state = 'paid' WHERE id = 9",
                "SELECT count(*) FROM bookings WHERE placed_at > now() - interval '2 hours'"
                        + " AND state IN ('new', 'paid')",
                "SELECT count(*) FROM bookings WHERE place ~= point '(1,1)'");
        try (Connection connection = server.admin()) {
            for (int round = 0; round < ROUNDS; round++) {
                for (String sql : once) {
                    try (var statement = connection.createStatement()) {
                        statement.execute(sql.replace("md5(random()::text)", "'new-" + System.nanoTime() + "'"));
                    }
                }
                for (int twice = 0; twice < 2; twice++) {
                    try (PreparedStatement query =
                            connection.prepareStatement("SELECT email FROM customers WHERE id = ?")) {
                        query.setInt(1, round + 1);
                        query.execute();
                    }
                }
            }
            try (var statement = connection.createStatement()) {
                statement.execute("SELECT 'hunter2' AS password");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(Server server, String sql) {
        try {
            TestEnvironments.execute(server, sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}

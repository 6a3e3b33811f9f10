package org.pgrehearse.scenarios.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.scenarios.testkit.Servers;

/** Ledgers are read only when they cannot change any more, and whole. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SettlementIT {
    private EmbeddedEnvironment environment;
    private MemoryRecorder recorder = new MemoryRecorder();

    @BeforeAll
    void start(@TempDir Path logs) throws SQLException {
        environment = Servers.start(logs);
        try (Connection source = environment.source().admin()) {
            ShopDataset.createSchema(source);
        }
    }

    @AfterAll
    void stop() {
        environment.close();
    }

    @BeforeEach
    void clear() throws SQLException {
        recorder = new MemoryRecorder();
        execute("TRUNCATE pgrehearse.ledger");
    }

    @Test
    void every_row_is_read_in_pages_with_the_side_that_executed_it() throws SQLException, InterruptedException {
        execute("INSERT INTO pgrehearse.ledger (token) SELECT generate_series(1, 2500)");
        execute("INSERT INTO pgrehearse.ledger (token, executed_on) VALUES (7000, 'target')");

        new Settlement(recorder, Duration.ofSeconds(5)).read(List.of(environment.source()));

        List<Event.LedgerRow> rows = recorder.events(Event.LedgerPage.class).stream()
                .flatMap(page -> page.rows().stream())
                .toList();
        assertThat(recorder.events(Event.LedgerPage.class)).hasSize(3);
        assertThat(rows).hasSize(2501);
        assertThat(rows).filteredOn(row -> row.executedOn() == Side.TARGET).hasSize(1);
        assertThat(onlyRead()).isEqualTo(new Event.LedgerRead(onlyRead().atNanos(), Side.SOURCE, 2501, true, ""));
    }

    @Test
    void a_side_that_never_had_a_ledger_is_read_completely() throws InterruptedException {
        new Settlement(recorder, Duration.ofSeconds(5)).read(List.of(environment.target()));
        assertThat(onlyRead().complete()).isTrue();
        assertThat(onlyRead().detail()).isEqualTo("this side never had a ledger");
    }

    @Test
    void a_transaction_still_at_work_makes_the_ledger_incomplete() throws SQLException, InterruptedException {
        Server source = environment.source();
        try (Connection busy = DriverManager.getConnection(
                        "jdbc:postgresql://" + source.host() + ":" + source.port() + "/" + source.database(),
                        EmbeddedEnvironment.WEB_ROLE,
                        "");
                Statement statement = busy.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("INSERT INTO pgrehearse.ledger (token) VALUES (1)");
            new Settlement(recorder, Duration.ofMillis(200)).read(List.of(source));
        }
        assertThat(onlyRead().complete()).isFalse();
        assertThat(onlyRead().detail()).contains("sessions were still at work");
    }

    @Test
    void a_prepared_transaction_makes_the_ledger_incomplete() throws SQLException, InterruptedException {
        try (Connection preparing = environment.source().admin();
                Statement statement = preparing.createStatement()) {
            statement.execute("BEGIN");
            statement.execute("INSERT INTO pgrehearse.ledger (token) VALUES (1)");
            statement.execute("PREPARE TRANSACTION 'undecided'");
        }
        new Settlement(recorder, Duration.ofMillis(200)).read(List.of(environment.source()));
        execute("ROLLBACK PREPARED 'undecided'");
        assertThat(onlyRead().complete()).isFalse();
    }

    @Test
    void a_server_that_is_gone_makes_the_ledger_incomplete(@TempDir Path logs) throws InterruptedException {
        EmbeddedEnvironment other = Servers.start(logs);
        other.close();
        new Settlement(recorder, Duration.ofMillis(200)).read(List.of(other.source()));
        assertThat(onlyRead().complete()).isFalse();
        assertThat(onlyRead().detail()).startsWith("Cannot read the ledger on the source: ");
    }

    @Test
    void deleted_rows_are_looked_for_by_the_whole_key_and_those_that_are_there_are_told() throws Exception {
        execute("CREATE TABLE lines (order_id bigint, line numeric, PRIMARY KEY (order_id, line))");
        execute("INSERT INTO lines SELECT n, 1 FROM generate_series(1, 1500) n WHERE n IN (7, 1400)");
        DeletedKeys deleted = new DeletedKeys(recorder);
        List<List<String>> keys = LongStream.rangeClosed(1, 1500)
                .mapToObj(n -> List.of("" + n, "1.0"))
                .toList();
        deleted.record(new Event.KeysWritten(1, 1, "lines", List.of("order_id", "line"), keys, List.of()));
        deleted.record(new Event.KeysWritten(2, 2, "lines", List.of("order_id", "line"), keys, List.of()));

        new Settlement(recorder, Duration.ofSeconds(5)).read(List.of(environment.source()), deleted);

        assertThat(recorder.events(Event.KeysWritten.class)).hasSize(2);
        assertThat(recorder.events(Event.DeletedRead.class))
                .extracting(Event.DeletedRead::asked, Event.DeletedRead::found, Event.DeletedRead::doubt)
                .containsExactly(
                        tuple(1000L, List.of(List.of("7", "1.0")), ""),
                        tuple(500L, List.of(List.of("1400", "1.0")), ""));
    }

    @Test
    void what_cannot_be_looked_for_is_told_with_the_reason() throws Exception {
        execute("CREATE TABLE numbers (n int)");
        DeletedKeys deleted = new DeletedKeys(recorder);
        deleted.record(new Event.KeysWritten(1, 1, "no.such", List.of("n"), List.of(List.of("1")), List.of()));
        deleted.record(new Event.KeysWritten(1, 1, "numbers", List.of("id"), List.of(List.of("1")), List.of()));

        new Settlement(recorder, Duration.ofSeconds(5)).read(List.of(environment.source()), deleted);

        assertThat(recorder.events(Event.DeletedRead.class))
                .extracting(Event.DeletedRead::asked, Event.DeletedRead::doubt)
                .containsExactly(
                        tuple(0L, "there is no such table"),
                        tuple(0L, "it has no column id; return its key under its own name"));
    }

    private Event.LedgerRead onlyRead() {
        assertThat(recorder.events(Event.LedgerRead.class)).hasSize(1);
        return recorder.events(Event.LedgerRead.class).getFirst();
    }

    private void execute(String sql) throws SQLException {
        try (Connection admin = environment.source().admin();
                Statement statement = admin.createStatement()) {
            statement.execute(sql);
        }
    }
}

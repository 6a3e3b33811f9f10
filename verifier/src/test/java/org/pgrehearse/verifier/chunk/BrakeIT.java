package org.pgrehearse.verifier.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;
import org.pgrehearse.verifier.snapshot.Timeouts;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/** Readers wait while a server is busy or those who replicate from it lag, and go on afterwards. */
@ExtendWith(Servers.class)
final class BrakeIT {
    private static final Pace ANY_LOAD = new Pace(Duration.ofSeconds(1), Optional.empty(), OptionalInt.of(0));
    private static final Pace ANY_LAG =
            new Pace(Duration.ofSeconds(1), Optional.of(Duration.ofMillis(100)), OptionalInt.empty());

    private final Database database;
    private final List<String> told = new CopyOnWriteArrayList<>();

    BrakeIT(Servers.Running servers) {
        database = servers.database(15);
    }

    private Snapshot snapshot(Database of) throws Exception {
        return Snapshot.open(Side.SOURCE, of, null, Timeouts.defaults(), 2, System::nanoTime);
    }

    private Brake brake(Snapshot snapshot, Pace pace) {
        return new Brake(snapshot, pace, System::nanoTime, told::add);
    }

    private Future<Boolean> waiting(ExecutorService executor, Brake brake) {
        return executor.submit(() -> {
            brake.await();
            return true;
        });
    }

    @Test
    void it_waits_for_statements_of_others_to_end() throws Exception {
        try (Snapshot snapshot = snapshot(database);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Connection busy = database.open();
                Statement statement = busy.createStatement()) {
            Future<?> running = executor.submit(() -> statement.execute("SELECT pg_sleep(60)"));
            await().until(() -> database.value("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%'"
                            + " AND state = 'active' AND pid <> pg_backend_pid()")
                    .equals("1"));
            Future<Boolean> waiting = waiting(executor, brake(snapshot, ANY_LOAD));
            await().until(() -> !told.isEmpty());
            assertThat(told.getFirst()).startsWith("paused: source runs").contains("of other clients, more than 0");
            assertThat(waiting.isDone()).isFalse();
            statement.cancel();
            await().until(waiting::isDone);
            assertThat(waiting.get()).isTrue();
            assertThatThrownBy(running::get).hasMessageContaining("canceling statement");
        }
    }

    @Test
    void it_waits_for_a_subscriber_that_confirms_nothing() throws Exception {
        String slot = "slow_" + database.name();
        database.run("CREATE TABLE t (id int)");
        database.run("SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        PGProperty.REPLICATION.set(properties, "database");
        PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
        PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
        try (Snapshot snapshot = snapshot(database);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> waiting;
            try (Connection replication = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + database.port() + "/" + database.name(), properties);
                    PGReplicationStream _stream = replication
                            .unwrap(PGConnection.class)
                            .getReplicationAPI()
                            .replicationStream()
                            .logical()
                            .withSlotName(slot)
                            .withStatusInterval(1, TimeUnit.HOURS)
                            .start()) {
                database.run("INSERT INTO t VALUES (1)");
                AtomicLong seconds = new AtomicLong();
                Brake brake = new Brake(
                        snapshot,
                        ANY_LAG,
                        () -> Duration.ofSeconds(seconds.addAndGet(2)).toNanos(),
                        told::add);
                waiting = executor.submit(() -> {
                    while (told.isEmpty()) {
                        brake.await();
                    }
                    return true;
                });
                await().until(() -> !told.isEmpty());
                assertThat(told.getFirst())
                        .startsWith("paused: replication lags")
                        .contains("more than 0.1 s");
                assertThat(waiting.isDone()).isFalse();
            }
            await().until(waiting::isDone);
            assertThat(waiting.get()).isTrue();
        } finally {
            await().until(() -> database.value(
                            "SELECT active FROM pg_replication_slots WHERE slot_name = '" + slot + "'")
                    .equals("f"));
            database.run("SELECT pg_drop_replication_slot('" + slot + "')");
        }
    }

    @Test
    void a_role_that_cannot_see_the_load_is_told_so() throws Exception {
        String role = "blind_" + database.name();
        database.run("CREATE ROLE " + role + " LOGIN");
        try (Snapshot snapshot = snapshot(database.as(role));
                Connection _other = database.open()) {
            assertThatThrownBy(() -> brake(snapshot, ANY_LOAD).await())
                    .isInstanceOfSatisfying(
                            ReadFailedException.class,
                            e -> assertThat(e.reason("the load")).contains("hidden from role", "pg_monitor", "42501"));
        }
    }

    @Test
    void without_limits_it_asks_nothing() throws Exception {
        Snapshot snapshot = snapshot(database);
        snapshot.close();
        brake(snapshot, Pace.defaults()).await();
        assertThat(told).isEmpty();
    }
}

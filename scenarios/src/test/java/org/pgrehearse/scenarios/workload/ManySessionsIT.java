package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.PoolLimits;
import org.pgrehearse.scenarios.topology.Route;
import org.pgrehearse.scenarios.topology.TestServer;
import org.pgrehearse.scenarios.topology.Timeouts;

/** How much the generator carries, and whom it blames when it cannot. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ManySessionsIT {
    private static final int SESSIONS = 1_000;
    private static final int THREADS_MORE_MAX = 200;
    private static final long HEAP_MORE_MAX = 256L << 20;
    private static final Duration DRAIN = Duration.ofSeconds(90);
    private static final Timeouts PATIENT =
            new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(120));

    private MemoryRecorder journal = new MemoryRecorder();
    private TestServer server;

    @BeforeAll
    void startServer() throws Exception {
        server = TestServer.start(Side.SOURCE, SESSIONS + 50);
    }

    @BeforeEach
    void begin() throws SQLException {
        server.execute("TRUNCATE pgrehearse.ledger");
        journal = new MemoryRecorder();
    }

    @AfterAll
    void stopServer() throws Exception {
        server.close();
    }

    @Test
    void a_thousand_sessions_write_at_the_same_time_and_nothing_of_them_remains() throws Exception {
        long heapBefore = heap();
        int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
        long arrivals;
        Load load;
        try (Application crowd = application("crowd", SESSIONS);
                Connection gate = server.admin()) {
            advise(gate, "pg_advisory_lock(1)");
            LoadPlan plan = new LoadPlan(BigDecimal.valueOf(200), Duration.ofMinutes(3), 20_000);
            Workload waiting = Scripted.writing("SELECT pg_advisory_xact_lock_shared(1)");
            load = Load.start(plan, waiting, List.of(crowd), Tokens.recorded(), journal, 1);
            await().dontCatchUncaughtExceptions()
                    .pollInterval(Duration.ofMillis(250))
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> waiting("crowd") == SESSIONS);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount() - threadsBefore)
                    .as("threads of the system for %d sessions", SESSIONS)
                    .isLessThan(THREADS_MORE_MAX);
            assertThat(heap() - heapBefore).as("bytes of heap").isLessThan(HEAP_MORE_MAX);
            advise(gate, "pg_advisory_unlock(1)");
            arrivals = load.stop(DRAIN);
            assertThat(crowd.pool().connections()).isEqualTo(SESSIONS);
        }
        assertThat(journal.operations())
                .hasSize((int) arrivals)
                .hasSizeGreaterThanOrEqualTo(SESSIONS)
                .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
        assertThat(server.tokens()).containsExactlyInAnyOrderElementsOf(journal.tokens(Outcome.ACKNOWLEDGED));
        assertThat(load.lag().begun()).isEqualTo(arrivals);
        assertThat(load.lag().millisP99()).as("lag").isLessThan(2_000);
        assertThat(load.gauge().inFlight()).isZero();
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofMinutes(1))
                .until(() -> server.connections("crowd") == 0);
        await().dontCatchUncaughtExceptions()
                .atMost(Duration.ofMinutes(1))
                .until(() -> heap() - heapBefore < HEAP_MORE_MAX / 4);
    }

    @Test
    void a_generator_whose_workers_begin_late_is_called_the_limit() throws Exception {
        try (Application application = application("slow-generator", 10);
                ExecutorService one = Executors.newSingleThreadExecutor()) {
            Load load = Load.start(
                    LoadPlan.perSecond(40),
                    Scripted.writing("SELECT pg_sleep(0.1)"),
                    List.of(application),
                    Tokens.recorded(),
                    journal,
                    1,
                    (work, died) -> one.execute(work));
            goOn(Duration.ofMillis(1_500));
            long arrivals = load.stop(DRAIN);

            assertThat(journal.events(Event.Trouble.class))
                    .extracting(Event.Trouble::message)
                    .singleElement()
                    .asString()
                    .matches("The generator, not a server, was the limit: it began \\d+ of " + arrivals
                            + " arrivals more than 500 ms late\\. Lower the rate, or give it more processors\\.");
            assertThat(load.lag().late()).isPositive();
            assertThat(journal.operations()).allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
        }
    }

    @Test
    void a_server_that_is_too_slow_is_not_taken_for_a_slow_generator() throws Exception {
        try (Application application = application("slow-server", 1)) {
            Load load = Load.start(
                    LoadPlan.perSecond(40),
                    Scripted.writing("SELECT pg_sleep(0.1)"),
                    List.of(application),
                    Tokens.recorded(),
                    journal,
                    1);
            goOn(Duration.ofMillis(1_500));
            load.stop(DRAIN);

            assertThat(journal.events(Event.Trouble.class)).isEmpty();
            assertThat(journal.operations())
                    .as("operations that a user waited for")
                    .anyMatch(each -> each.endedNanos() - each.intendedNanos() > 2_000_000_000L);
        }
    }

    private Application application(String name, int connections) {
        Route route = new Route(List.of(server.gateway()), Side.SOURCE);
        return new Application(name, Login.trusted("postgres"), route, PATIENT, PoolLimits.of(connections));
    }

    private long waiting(String application) throws SQLException {
        return server.count(
                "pg_stat_activity WHERE wait_event = 'advisory' AND application_name = '" + application + "'");
    }

    private static void advise(Connection connection, String function) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT " + function);
        }
    }

    private void goOn(Duration duration) {
        long until = journal.nowNanos() + duration.toNanos();
        await().dontCatchUncaughtExceptions()
                .pollInterval(Duration.ofMillis(5))
                .atMost(duration.plusSeconds(30))
                .until(() -> journal.nowNanos() >= until);
    }

    /** What is reachable, as well as it can be known. */
    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}

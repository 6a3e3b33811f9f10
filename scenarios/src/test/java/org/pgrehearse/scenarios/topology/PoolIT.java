package org.pgrehearse.scenarios.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgrehearse.reports.journal.Side;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PoolIT {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private TestServer server;
    private Relay relay;
    private Application application;

    @BeforeAll
    void startServer() throws Exception {
        server = TestServer.start(Side.SOURCE);
    }

    @AfterAll
    void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void connect() throws Exception {
        relay = new Relay(server.gateway().port());
        // Both sides are one server: only where the connection goes matters here.
        Gateway other = new Gateway(Side.TARGET, "127.0.0.1", server.gateway().port(), "postgres");
        application = new Application(
                "app",
                Login.trusted("postgres"),
                new Route(List.of(server.gatewayAt(relay.port()), other), Side.SOURCE),
                Timeouts.usual(),
                PoolLimits.of(2).withDetachedMax(1));
    }

    @AfterEach
    void disconnect() throws Exception {
        application.close();
        relay.close();
    }

    @Test
    void a_connection_is_lent_again() throws Exception {
        Connection first;
        try (Lease lease = application.pool().borrow(LONG)) {
            first = lease.connection();
        }
        try (Lease lease = application.pool().borrow(LONG)) {
            assertThat(lease.connection()).isSameAs(first);
        }
        assertThat(application.pool().connections()).isEqualTo(1);
    }

    @Test
    void nobody_gets_more_than_the_pool_may_have_and_a_returned_one_goes_to_who_waits() throws Exception {
        try (Lease first = application.pool().borrow(LONG);
                Lease _second = application.pool().borrow(LONG)) {
            assertThatThrownBy(() -> application.pool().borrow(SHORT))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("Cannot borrow a connection to SOURCE: none of 2 became free within 50 ms.");
            CompletableFuture<Lease> waiting = borrowLater();
            first.close();
            try (Lease third = waiting.join()) {
                assertThat(third.connection()).isSameAs(first.connection());
            }
        }
    }

    @Test
    void a_returned_lease_is_returned_once() throws Exception {
        Lease first = application.pool().borrow(LONG);
        first.close();
        first.close();

        try (Lease one = application.pool().borrow(LONG);
                Lease two = application.pool().borrow(LONG)) {
            assertThat(one.connection()).isNotSameAs(two.connection());
        }
    }

    @Test
    void a_connection_that_has_lived_its_time_is_closed_when_it_is_returned() throws Exception {
        try (Pool pool = application.newPool(PoolLimits.of(1).withLifetime(Duration.ofNanos(1)))) {
            Lease first = pool.borrow(LONG);
            first.close();
            assertThat(first.connection().isClosed()).isTrue();
            assertThat(pool.connections()).isZero();
            try (Lease second = pool.borrow(LONG)) {
                assertThat(second.connection()).isNotSameAs(first.connection());
            }
        }
    }

    @Test
    void a_connection_whose_time_has_not_come_is_lent_again() throws Exception {
        try (Pool pool = application.newPool(PoolLimits.of(1).withLifetime(Duration.ofHours(1)))) {
            Lease first = pool.borrow(LONG);
            first.close();
            try (Lease second = pool.borrow(LONG)) {
                assertThat(second.connection()).isSameAs(first.connection());
            }
        }
    }

    @Test
    void a_doubtful_connection_is_closed() throws Exception {
        Lease lease = application.pool().borrow(LONG);
        lease.discard();
        lease.close();

        assertThat(lease.connection().isClosed()).isTrue();
        assertThat(application.pool().connections()).isZero();
    }

    @Test
    void after_a_switch_idle_connections_are_closed_and_used_ones_when_they_return() throws Exception {
        Lease used = application.pool().borrow(LONG);
        Lease idle = application.pool().borrow(LONG);
        idle.close();
        application.route().switchTo(Side.TARGET);

        assertThat(idle.connection().isClosed()).isTrue();
        assertThat(used.connection().isClosed()).isFalse();
        used.close();
        assertThat(used.connection().isClosed()).isTrue();
        try (Lease lease = application.pool().borrow(LONG)) {
            assertThat(lease.side()).isEqualTo(Side.TARGET);
        }
    }

    @Test
    void whoever_waits_for_a_dead_side_is_served_by_the_other_after_the_switch() throws Exception {
        relay.stall();
        CompletableFuture<Lease> waiting = borrowLater();
        await().dontCatchUncaughtExceptions()
                .atMost(LONG)
                .until(() -> application.pool().connections() == 1);
        application.route().switchTo(Side.TARGET);
        relay.refuse();

        try (Lease lease = waiting.join()) {
            assertThat(lease.side()).isEqualTo(Side.TARGET);
        }
    }

    @Test
    void a_refused_connection_fails_who_waits_at_once() throws Exception {
        relay.refuse();

        assertThatThrownBy(() -> application.pool().borrow(LONG)).hasMessageContaining("refused");
        assertThat(application.pool().connections()).isZero();
    }

    @Test
    void a_detached_connection_makes_room_and_is_closed_at_last() throws Exception {
        Lease stuck = application.pool().borrow(LONG);
        Lease alsoStuck = application.pool().borrow(LONG);
        stuck.detach();
        alsoStuck.detach();

        try (Lease lease = application.pool().borrow(LONG)) {
            assertThat(application.pool().connections()).isEqualTo(3);
            assertThatThrownBy(() -> application.pool().borrow(SHORT)).hasMessageContaining("became free");
            stuck.close();
            assertThat(stuck.connection().isClosed()).isTrue();
            alsoStuck.close();
            assertThat(alsoStuck.connection().isClosed()).isFalse();
            assertThat(lease.connection().isClosed()).isFalse();
        }
        assertThat(application.pool().connections()).isEqualTo(2);
    }

    @Test
    void a_fresh_connection_is_counted_by_nobody_and_closed_after_use() throws Exception {
        Lease fresh = application.pool().openFresh();
        assertThat(application.pool().connections()).isZero();
        fresh.close();

        assertThat(fresh.connection().isClosed()).isTrue();
        assertThat(application.pool().connections()).isZero();
    }

    @Test
    void a_server_that_stands_still_is_not_met_by_a_storm_of_logins() throws Exception {
        try (Pool wide = application.newPool(new PoolLimits(100, 0, 4, Duration.ofHours(1), Duration.ZERO))) {
            relay.stall();
            List<CompletableFuture<Lease>> waiting = IntStream.range(0, 50)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> borrow(wide), Thread.ofVirtual()::start))
                    .toList();
            await().dontCatchUncaughtExceptions()
                    .during(Duration.ofMillis(200))
                    .atMost(LONG)
                    .until(() -> wide.connections() <= 4);
            relay.resume();
            waiting.forEach(each -> each.join().close());

            assertThat(wide.connections()).isLessThanOrEqualTo(50);
        }
    }

    @Test
    void a_closed_pool_lends_nothing() throws Exception {
        Lease lease = application.pool().borrow(LONG);
        application.close();

        assertThatThrownBy(() -> application.pool().borrow(LONG))
                .hasMessage("Cannot borrow a connection: the pool is closed.");
        lease.close();
        assertThat(lease.connection().isClosed()).isTrue();
    }

    private CompletableFuture<Lease> borrowLater() {
        return CompletableFuture.supplyAsync(() -> borrow(application.pool()));
    }

    private static Lease borrow(Pool pool) {
        try {
            return pool.borrow(LONG);
        } catch (SQLException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

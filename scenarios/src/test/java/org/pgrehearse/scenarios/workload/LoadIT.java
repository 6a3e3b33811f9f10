package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Relay;
import org.pgrehearse.scenarios.topology.TestServer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LoadIT {
    private static final Duration DRAIN = Duration.ofSeconds(20);

    private TestServer source;
    private TestServer target;

    @BeforeAll
    void startServers() throws Exception {
        source = TestServer.start(Side.SOURCE);
        target = TestServer.start(Side.TARGET);
    }

    @AfterAll
    void stopServers() throws Exception {
        source.close();
        target.close();
    }

    @Test
    void a_healthy_shop_acknowledges_every_arrival_and_the_ledger_holds_each() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Load load = stage.load(300, stage.shop());
            stage.goOn(Duration.ofSeconds(2));
            long arrivals = load.stop(DRAIN);

            List<Event.Operation> operations = stage.journal.operations();
            assertThat(stage.journal.events(Event.Trouble.class)).isEmpty();
            assertThat(operations).hasSize((int) arrivals).allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
            assertThat(operations).allMatch(each -> each.side() == Side.SOURCE && each.message() == null);
            assertThat(operations)
                    .extracting(Event.Operation::transaction)
                    .contains("place-order", "pay-order", "update-profile", "view-page", "browse");
            assertThat(source.tokens()).containsExactlyInAnyOrderElementsOf(stage.journal.tokens(Outcome.ACKNOWLEDGED));
            Gauge.Reading gauge = load.gauge();
            assertThat(gauge.acknowledged()).isEqualTo(arrivals);
            assertThat(gauge.inFlight()).isZero();
        }
    }

    @Test
    void a_server_that_crashes_loses_no_acknowledged_write_and_doubts_are_near_the_crash() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Load load = stage.load(400, stage.shop());
            stage.goOn(Duration.ofSeconds(1));
            long crashedNanos = stage.journal.nowNanos();
            source.crash();
            stage.goOn(Duration.ofSeconds(5));
            long arrivals = load.stop(DRAIN);

            Set<Long> ledger = source.tokens();
            assertThat(stage.journal.operations()).hasSize((int) arrivals);
            assertThat(ledger).containsAll(stage.journal.tokens(Outcome.ACKNOWLEDGED));
            assertThat(ledger).noneMatch(stage.journal.tokens(Outcome.FAILED)::contains);
            assertThat(stage.journal.operations(Outcome.FAILED)).isNotEmpty();
            assertThat(stage.journal.operations(Outcome.UNKNOWN))
                    .allMatch(each -> each.endedNanos() > crashedNanos
                            && each.endedNanos()
                                    < crashedNanos + Duration.ofSeconds(3).toNanos());
            assertThat(stage.journal.operations(Outcome.ACKNOWLEDGED))
                    .anyMatch(each -> each.intendedNanos()
                            > crashedNanos + Duration.ofSeconds(3).toNanos());
            assertIntendedTimesAreExact(stage, 400);
        }
    }

    @Test
    void a_commit_whose_answer_is_lost_and_one_that_never_arrived_are_both_unknown() throws Exception {
        for (Relay.Cut cut : List.of(Relay.Cut.AFTER, Relay.Cut.BEFORE)) {
            try (Stage stage = Stage.on(source)) {
                stage.relay.atCommit(cut);
                Load load = stage.load(50, stage.shop());
                stage.goOn(Duration.ofSeconds(1));
                load.stop(DRAIN);

                List<Long> unknown = stage.journal.tokens(Outcome.UNKNOWN);
                assertThat(stage.journal.tokens(Outcome.ACKNOWLEDGED)).isEmpty();
                assertThat(source.tokens()).noneMatch(stage.journal.tokens(Outcome.FAILED)::contains);
                assertThat(unknown).isNotEmpty();
                if (cut == Relay.Cut.AFTER) {
                    assertThat(source.tokens()).containsExactlyInAnyOrderElementsOf(unknown);
                } else {
                    assertThat(source.tokens()).isEmpty();
                }
            }
        }
    }

    @Test
    void a_backend_terminated_before_commit_is_a_failure_and_the_ledger_lacks_it() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Load load = stage.load(50, Scripted.writing("SELECT pg_terminate_backend(pg_backend_pid())"));
            stage.goOn(Duration.ofSeconds(1));
            long arrivals = load.stop(DRAIN);

            assertThat(stage.journal.operations(Outcome.FAILED))
                    .hasSize((int) arrivals)
                    .allMatch(each -> "57P01".equals(each.sqlState()));
            assertThat(source.tokens()).isEmpty();
        }
    }

    @Test
    void a_refusal_at_commit_is_a_failure_and_the_connection_lives_on() throws Exception {
        source.execute("CREATE TABLE IF NOT EXISTS public.late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
        try (Stage stage = Stage.on(source)) {
            Load load = stage.load(50, Scripted.writing("INSERT INTO public.late VALUES (1), (1)"));
            stage.goOn(Duration.ofSeconds(1));
            long arrivals = load.stop(DRAIN);

            assertThat(stage.journal.operations(Outcome.FAILED))
                    .hasSize((int) arrivals)
                    .allMatch(each -> "23505".equals(each.sqlState()) && each.side() == Side.SOURCE);
            assertThat(source.tokens()).isEmpty();
            assertThat(stage.application.pool().connections()).isPositive();
        }
    }

    @Test
    void a_transaction_whose_backend_changed_is_unknown_and_never_acknowledged() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Load load = stage.load(50, Scripted.withBackend(1));
            stage.goOn(Duration.ofSeconds(1));
            long arrivals = load.stop(DRAIN);

            assertThat(stage.journal.operations(Outcome.UNKNOWN)).hasSize((int) arrivals);
        }
    }

    @Test
    void paused_writes_are_late_or_certainly_not_sent_while_reads_go_on() throws Exception {
        try (Stage stage = Stage.on(source)) {
            LoadPlan plan = new LoadPlan(BigDecimal.valueOf(200), Duration.ofSeconds(1), 1_000);
            Load load = Load.start(plan, stage.shop(), List.of(stage.application), stage.tokens, stage.journal, 7);
            stage.goOn(Duration.ofSeconds(1));
            stage.application.route().pauseWrites();
            assertThat(stage.application.route().awaitNoWrites(Duration.ofSeconds(5)))
                    .isTrue();
            long pausedNanos = stage.journal.nowNanos();
            Set<Long> before = source.tokens();
            stage.goOn(Duration.ofSeconds(2));
            assertThat(source.tokens()).isEqualTo(before);
            long resumedNanos = stage.journal.nowNanos();
            stage.application.route().resumeWrites();
            stage.goOn(Duration.ofSeconds(1));
            long arrivals = load.stop(DRAIN);

            List<Event.Operation> during = stage.journal.operations().stream()
                    .filter(each -> each.intendedNanos() > pausedNanos && each.intendedNanos() < resumedNanos)
                    .toList();
            assertThat(stage.journal.operations()).hasSize((int) arrivals);
            assertThat(during)
                    .filteredOn(each -> !each.write())
                    .isNotEmpty()
                    .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED)
                    .anyMatch(each -> each.endedNanos() < resumedNanos);
            assertThat(during)
                    .filteredOn(Event.Operation::write)
                    .allMatch(each -> each.endedNanos() >= resumedNanos || each.outcome() == Outcome.FAILED);
            assertThat(during)
                    .filteredOn(each -> each.outcome() == Outcome.FAILED)
                    .anyMatch(each -> "Not sent: writes were paused for longer than 1000 ms.".equals(each.message()))
                    .allMatch(each -> each.startedNanos() == each.endedNanos());
            assertThat(stage.journal.operations(Outcome.UNKNOWN)).isEmpty();
            assertThat(source.tokens()).containsExactlyInAnyOrderElementsOf(stage.journal.tokens(Outcome.ACKNOWLEDGED));
        }
    }

    @Test
    void after_a_switch_writes_carry_the_other_side_and_an_instance_that_missed_it_is_seen() throws Exception {
        target.execute("TRUNCATE pgrehearse.ledger");
        try (Stage stage = Stage.on(source, target.gateway());
                Application stubborn = Stage.application("shop-2", List.of(source.gateway(), target.gateway()))) {
            LoadPlan plan = LoadPlan.perSecond(200);
            Load load = Load.start(
                    plan, stage.shop(), List.of(stage.application, stubborn), stage.tokens, stage.journal, 7);
            stage.goOn(Duration.ofSeconds(1));
            stage.application.route().switchTo(Side.TARGET);
            long switchedNanos = stage.journal.nowNanos();
            stage.goOn(Duration.ofSeconds(1));
            load.stop(DRAIN);

            List<Event.Operation> later = stage.journal.operations().stream()
                    .filter(each -> each.startedNanos() > switchedNanos)
                    .toList();
            assertThat(later)
                    .filteredOn(each -> each.instance().equals("shop-1"))
                    .isNotEmpty()
                    .allMatch(each -> each.side() == Side.TARGET);
            assertThat(later)
                    .filteredOn(each -> each.instance().equals("shop-2"))
                    .isNotEmpty()
                    .allMatch(each -> each.side() == Side.SOURCE);
            assertThat(target.tokens()).isNotEmpty();
        }
    }

    @Test
    void a_write_that_is_given_up_before_its_commit_never_commits_later() throws Exception {
        try (Stage stage = Stage.on(source);
                Connection blocker = source.admin()) {
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("LOCK TABLE pgrehearse.ledger IN ACCESS EXCLUSIVE MODE");
            Load load = stage.load(100, Scripted.writing("SELECT 1"));
            stage.goOn(Duration.ofSeconds(1));
            long arrivals = load.stop(Duration.ofMillis(200));
            blocker.rollback();

            assertThat(stage.journal.operations(Outcome.FAILED)).hasSize((int) arrivals);
            assertThat(source.tokens()).isEmpty();
        }
    }

    @Test
    void arrivals_beyond_the_bound_are_recorded_as_failed() throws Exception {
        try (Stage stage = Stage.on(source)) {
            stage.relay.stall();
            LoadPlan plan = new LoadPlan(BigDecimal.valueOf(1_000), Duration.ofSeconds(5), 100);
            Load load = Load.start(plan, stage.shop(), List.of(stage.application), stage.tokens, stage.journal, 7);
            stage.goOn(Duration.ofSeconds(1));
            stage.relay.resume();
            long arrivals = load.stop(DRAIN);

            assertThat(arrivals).isGreaterThan(900);
            assertThat(stage.journal.operations()).hasSize((int) arrivals);
            assertThat(stage.journal.operations(Outcome.ACKNOWLEDGED)).hasSize(100);
            assertThat(stage.journal.operations(Outcome.FAILED))
                    .allMatch(each -> "Not started: 100 operations were in flight.".equals(each.message()));
            assertIntendedTimesAreExact(stage, 1_000);
        }
    }

    @Test
    void a_worker_that_dies_is_trouble_and_its_arrival_is_recorded_all_the_same() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Load load = stage.load(20, Scripted.dying());
            stage.goOn(Duration.ofSeconds(1));
            long arrivals = load.stop(DRAIN);

            assertThat(stage.journal.operations(Outcome.FAILED)).hasSize((int) arrivals);
            assertThat(stage.journal.events(Event.Trouble.class))
                    .hasSize((int) arrivals)
                    .allMatch(each -> each.where().equals("load scripted")
                            && each.message().contains("IllegalStateException: planted"));
        }
    }

    @Test
    void what_a_dead_worker_left_behind_is_never_committed_by_another() throws Exception {
        source.execute("CREATE TABLE public.left_behind (n int)");
        try (Stage stage = Stage.on(source)) {
            Load load = stage.load(50, Scripted.dyingAfter("INSERT INTO public.left_behind VALUES (1)"));
            stage.goOn(Duration.ofSeconds(1));
            load.stop(DRAIN);

            int acknowledged = stage.journal.operations(Outcome.ACKNOWLEDGED).size();
            assertThat(acknowledged).isPositive();
            assertThat(stage.journal.operations(Outcome.FAILED)).isNotEmpty();
            assertThat(source.count("public.left_behind")).isEqualTo(acknowledged);
        }
    }

    private static void assertIntendedTimesAreExact(Stage stage, long rate) {
        long[] intended = stage.journal.operations().stream()
                .mapToLong(Event.Operation::intendedNanos)
                .sorted()
                .toArray();
        Arrivals schedule = Arrivals.perSecond(BigDecimal.valueOf(rate), intended[0]);
        assertThat(intended)
                .containsExactly(
                        LongStream.range(0, intended.length).map(schedule::at).toArray());
    }
}

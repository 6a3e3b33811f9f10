package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.topology.TestServer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SentinelIT {
    private static final ProbePlan PLAN = ProbePlan.usual();
    private static final long LATE_NANOS = PLAN.deadline().toNanos();

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
    void a_healthy_server_answers_every_probe() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Sentinel sentinel = start(stage);
            stage.goOn(Duration.ofSeconds(2));
            assertThat(sentinel.writes().acknowledged()).isPositive();
            assertThat(sentinel.reads().endedPerSecond()).isPositive();
            long ticks = sentinel.stop();

            assertComplete(stage, ticks);
            for (boolean write : List.of(true, false)) {
                List<Event.Probe> probes = stage.journal.probes(write);
                assertThat(probes)
                        .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED
                                && each.side() == Side.SOURCE
                                && each.startedNanos() >= each.intendedNanos()
                                && each.endedNanos() > each.startedNanos());
                assertThat(probes.stream().filter(Event.Probe::fresh).count())
                        .isBetween(ticks / PLAN.freshEvery(), ticks / PLAN.freshEvery() + 1);
            }
            assertThat(stage.journal.probes(true)).allMatch(each -> each.xid() != null && each.lsn() != null);
            assertThat(source.tokens()).isEqualTo(tokens(stage, Outcome.ACKNOWLEDGED));
        }
    }

    @Test
    void three_seconds_of_refused_connections_are_three_seconds_of_bad_writes() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Sentinel sentinel = start(stage);
            stage.goOn(Duration.ofSeconds(1));
            long refusedNanos = stage.journal.nowNanos();
            stage.relay.refuse();
            stage.goOn(Duration.ofSeconds(3));
            stage.relay.accept();
            long acceptedNanos = stage.journal.nowNanos();
            stage.goOn(Duration.ofSeconds(1));
            long ticks = sentinel.stop();

            assertComplete(stage, ticks);
            List<Event.Probe> bad = stage.journal.probes(true).stream()
                    .filter(each -> each.outcome() != Outcome.ACKNOWLEDGED)
                    .toList();
            long expected = (acceptedNanos - refusedNanos) / PLAN.interval().toNanos();
            assertThat((long) bad.size()).isBetween(expected - 15, expected + 15);
            assertThat(bad)
                    .allMatch(each -> each.intendedNanos() > refusedNanos - LATE_NANOS
                            && each.intendedNanos() < acceptedNanos + LATE_NANOS);
            Set<Long> ledger = source.tokens();
            assertThat(ledger).containsAll(tokens(stage, Outcome.ACKNOWLEDGED));
            assertThat(ledger).noneMatch(tokens(stage, Outcome.FAILED)::contains);
        }
    }

    @Test
    void a_stalled_server_never_makes_the_schedule_skip() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Sentinel sentinel = start(stage);
            stage.goOn(Duration.ofSeconds(1));
            stage.relay.stall();
            long stalledNanos = stage.journal.nowNanos();
            stage.goOn(Duration.ofSeconds(1));
            long resumedNanos = stage.journal.nowNanos();
            stage.relay.resume();
            stage.goOn(Duration.ofSeconds(1));
            long ticks = sentinel.stop();

            assertComplete(stage, ticks);
            List<Event.Probe> during = stage.journal.probes(true).stream()
                    .filter(each -> each.intendedNanos() > stalledNanos && each.intendedNanos() < resumedNanos)
                    .toList();
            assertThat(during)
                    .hasSizeGreaterThan(90)
                    .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED && each.endedNanos() >= resumedNanos);
            assertThat(stage.journal.probes(true))
                    .filteredOn(each -> each.intendedNanos() > resumedNanos + LATE_NANOS)
                    .isNotEmpty()
                    .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
        }
    }

    @Test
    void connections_that_hang_starve_nobody_who_comes_after() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Sentinel sentinel = start(stage);
            stage.goOn(Duration.ofSeconds(1));
            int existing = source.connections("shop-1");
            long stalledNanos = stage.journal.nowNanos();
            stage.relay.stallExisting();
            stage.goOn(Duration.ofSeconds(2));
            long resumedNanos = stage.journal.nowNanos();
            stage.relay.resume();
            long ticks = sentinel.stop();

            assertComplete(stage, ticks);
            List<Event.Probe> hanging = stage.journal.events(Event.Probe.class).stream()
                    .filter(each -> each.intendedNanos() > stalledNanos
                            && each.intendedNanos() < resumedNanos - LATE_NANOS
                            && each.endedNanos() > resumedNanos)
                    .toList();
            assertThat(hanging).hasSizeBetween(1, existing + ProbePlan.FRESH_MAX);
            assertThat(hanging).allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
        }
    }

    @Test
    void a_lock_that_everyone_waits_for_takes_no_more_connections_than_planned() throws Exception {
        try (Stage stage = Stage.on(source);
                Connection blocker = source.admin()) {
            Sentinel sentinel = start(stage);
            stage.goOn(Duration.ofSeconds(1));
            blocker.setAutoCommit(false);
            blocker.createStatement().execute("LOCK TABLE pgrehearse.ledger IN ACCESS EXCLUSIVE MODE");
            stage.goOn(Duration.ofSeconds(2));
            int connections = source.connections("shop-1");
            blocker.rollback();
            stage.goOn(Duration.ofSeconds(1));
            long ticks = sentinel.stop();

            assertThat(connections).isBetween(PLAN.slots() / 2, PLAN.connectionsMax());
            assertComplete(stage, ticks);
            assertThat(stage.journal.probes(true)).allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED);
        }
    }

    @Test
    void a_pause_delays_writes_and_no_read() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Sentinel sentinel = start(stage);
            stage.goOn(Duration.ofSeconds(1));
            stage.application.route().pauseWrites();
            long pausedNanos = stage.journal.nowNanos();
            stage.goOn(Duration.ofSeconds(1));
            long resumedNanos = stage.journal.nowNanos();
            stage.application.route().resumeWrites();
            stage.goOn(Duration.ofSeconds(1));
            long ticks = sentinel.stop();

            assertComplete(stage, ticks);
            assertThat(stage.journal.probes(true))
                    .filteredOn(each -> each.intendedNanos() > pausedNanos && each.intendedNanos() < resumedNanos)
                    .hasSizeGreaterThan(90)
                    .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED && each.endedNanos() >= resumedNanos);
            assertThat(stage.journal.probes(false))
                    .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED)
                    .anyMatch(each -> each.intendedNanos() > pausedNanos && each.endedNanos() < resumedNanos);
        }
    }

    @Test
    void after_a_switch_probes_run_on_the_other_side() throws Exception {
        target.execute("TRUNCATE pgrehearse.ledger");
        try (Stage stage = Stage.on(source, target.gateway())) {
            Sentinel sentinel = start(stage);
            stage.goOn(Duration.ofSeconds(1));
            stage.application.route().switchTo(Side.TARGET);
            long switchedNanos = stage.journal.nowNanos();
            stage.goOn(Duration.ofSeconds(1));
            sentinel.stop();

            assertThat(stage.journal.events(Event.Probe.class))
                    .filteredOn(each -> each.intendedNanos() > switchedNanos)
                    .isNotEmpty()
                    .allMatch(each -> each.outcome() == Outcome.ACKNOWLEDGED && each.side() == Side.TARGET);
            assertThat(target.tokens()).isNotEmpty();
        }
    }

    @Test
    void probes_under_way_when_it_stops_are_recorded() throws Exception {
        try (Stage stage = Stage.on(source)) {
            Sentinel sentinel = start(stage);
            stage.goOn(Duration.ofMillis(500));
            stage.relay.stall();
            stage.goOn(Duration.ofMillis(300));
            long ticks = sentinel.stop();

            assertComplete(stage, ticks);
            assertThat(stage.journal.probes(true)).anyMatch(each -> each.outcome() == Outcome.UNKNOWN);
            assertThat(stage.journal.probes(false)).noneMatch(each -> each.outcome() == Outcome.UNKNOWN);
        }
    }

    @Test
    void a_sentinel_that_cannot_even_begin_says_so() throws Exception {
        try (Stage stage = Stage.on(source)) {
            stage.relay.refuse();

            assertThatThrownBy(() -> start(stage))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("refused");
            assertThat(stage.journal.events(Event.class)).isEmpty();
        }
    }

    private static Sentinel start(Stage stage) throws SQLException, InterruptedException {
        return Sentinel.start(PLAN, stage.application, stage.tokens, stage.journal);
    }

    /** Each intended probe of both kinds is there once, and the plan says from when to when. */
    private static void assertComplete(Stage stage, long ticks) {
        List<Event.SentinelPlan> plans = stage.journal.events(Event.SentinelPlan.class);
        assertThat(plans).hasSize(2);
        assertThat(plans.getFirst().stoppedNanos()).isEqualTo(-1);
        Event.SentinelPlan plan = plans.getLast();
        long[] intended = LongStream.range(0, ticks)
                .map(i -> plan.startedNanos() + i * plan.intervalNanos())
                .toArray();
        assertThat(plan.stoppedNanos()).isEqualTo(plan.startedNanos() + ticks * plan.intervalNanos());
        for (boolean write : List.of(true, false)) {
            assertThat(stage.journal.probes(write).stream()
                            .mapToLong(Event.Probe::intendedNanos)
                            .sorted()
                            .toArray())
                    .containsExactly(intended);
        }
        assertThat(stage.journal.events(Event.Trouble.class)).isEmpty();
    }

    private static Set<Long> tokens(Stage stage, Outcome outcome) {
        return stage.journal.probes(true).stream()
                .filter(each -> each.outcome() == outcome)
                .map(Event.Probe::token)
                .collect(Collectors.toSet());
    }
}

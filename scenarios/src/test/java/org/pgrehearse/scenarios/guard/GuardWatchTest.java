package org.pgrehearse.scenarios.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.GuardSpec;
import org.pgrehearse.scenarios.spec.GuardSpec.Kind;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/** Which guard stops a runbook, when, and what is written down. */
final class GuardWatchTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private final MemoryRecorder recorder = new MemoryRecorder();
    private final Queue<String> reasons = new ConcurrentLinkedQueue<>();
    private volatile double lagBytes = Double.NaN;

    @Test
    void a_guard_waits_for_its_phase_and_fires_once() throws InterruptedException {
        try (GuardWatch watch = watch(new GuardSpec(Kind.REPLICATION_LAG, "1KiB", "cutover"))) {
            lagBytes = 5000;
            watch.hear(new Event.PhaseStarted(1, "copy"));
            watch.start(reasons::add);
            await().dontCatchUncaughtExceptions()
                    .during(Duration.ofMillis(400))
                    .atMost(SOON)
                    .until(reasons::isEmpty);
            watch.hear(new Event.PhaseStarted(2, "cutover"));
            await().dontCatchUncaughtExceptions()
                    .atMost(SOON)
                    .until(() -> !recorder.events().isEmpty());
            assertThat(watch.fired()).isPresent();
        }
        assertThat(reasons).containsExactly("Guard replication-lag < 1KiB in cutover stopped the runbook: 5000 bytes");
        assertThat(recorder.events(Event.GuardFired.class))
                .extracting(Event.GuardFired::guard, Event.GuardFired::reading)
                .containsExactly(tuple("replication-lag < 1KiB in cutover", "5000 bytes"));
    }

    @Test
    void a_lag_that_nobody_knows_and_one_below_the_limit_stop_nothing() throws InterruptedException {
        try (GuardWatch watch = watch(new GuardSpec(Kind.REPLICATION_LAG, "1KiB", ""))) {
            watch.start(reasons::add);
            lagBytes = 1023;
            await().dontCatchUncaughtExceptions()
                    .during(Duration.ofMillis(400))
                    .atMost(SOON)
                    .until(reasons::isEmpty);
        }
        assertThat(recorder.events()).isEmpty();
    }

    @Test
    void a_guard_that_comes_too_late_is_not_said_to_have_fired() throws InterruptedException {
        lagBytes = 5000;
        try (GuardWatch watch = watch(new GuardSpec(Kind.REPLICATION_LAG, "1KiB", ""))) {
            watch.start(reason -> {
                reasons.add(reason);
                return false;
            });
            await().dontCatchUncaughtExceptions().atMost(SOON).until(() -> !reasons.isEmpty());
        }
        assertThat(recorder.events()).isEmpty();
    }

    @Test
    void errors_of_writes_are_counted_and_those_of_reads_are_not() throws InterruptedException {
        try (GuardWatch watch = watch(new GuardSpec(Kind.WRITE_ERROR_RATE, "10%", ""))) {
            watch.start(reasons::add);
            for (int i = 0; i < 100; i++) {
                watch.hear(operation(false, Outcome.FAILED));
                watch.hear(operation(true, i % 11 == 10 ? Outcome.FAILED : Outcome.ACKNOWLEDGED));
            }
            await().dontCatchUncaughtExceptions()
                    .during(Duration.ofMillis(300))
                    .atMost(SOON)
                    .until(reasons::isEmpty);
            for (int i = 0; i < 30; i++) {
                watch.hear(operation(true, Outcome.UNKNOWN));
            }
            await().dontCatchUncaughtExceptions().atMost(SOON).until(() -> !reasons.isEmpty());
        }
    }

    @Test
    void service_that_does_not_return_is_trouble() throws InterruptedException {
        try (GuardWatch watch = watch()) {
            watch.awaitService(Duration.ofMillis(200), () -> {});
        }
        assertThat(recorder.events(Event.Trouble.class))
                .extracting(Event.Trouble::message)
                .singleElement()
                .asString()
                .startsWith("service did not return");
        assertThat(recorder.events(Event.ServiceReturned.class)).isEmpty();
    }

    private GuardWatch watch(GuardSpec... guards) {
        return new GuardWatch(List.of(guards), recorder, () -> lagBytes, () -> Double.NaN, List.of());
    }

    private Event.Operation operation(boolean write, Outcome outcome) {
        long now = recorder.nowNanos();
        return new Event.Operation(
                now, "shop", "web", "t", write, 1, now, now, now, outcome, Side.SOURCE, null, null, null, null);
    }
}

package org.pgrehearse.scenarios.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.Asked;
import org.pgrehearse.chaos.Bite;
import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.Healing;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

/** When faults come and go, on a network that only takes notes. */
final class FaultScheduleTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final MemoryRecorder recorder = new MemoryRecorder();
    private final List<String> network = new CopyOnWriteArrayList<>();
    private volatile boolean biting = true;

    @Test
    void a_fault_without_delay_is_there_before_its_step_begins() {
        try (FaultSchedule schedule = schedule(fault("cut", "step", Duration.ZERO, null, null))) {
            schedule.start();
            assertThat(network).isEmpty();
            schedule.before("other");
            assertThat(network).isEmpty();
            schedule.before("step");
            assertThat(network).containsExactly("inject source");
            assertThat(schedule.inPlace()).containsExactly("cut");
        }
        assertThat(network).containsExactly("inject source", "heal source");
        assertThat(recorder.events(Event.FaultBit.class)).hasSize(1);
        assertThat(recorder.events(Event.FaultHealed.class))
                .extracting(Event.FaultHealed::healed)
                .containsExactly(true);
    }

    @Test
    void a_fault_that_lasts_a_time_is_healed_after_it() {
        try (FaultSchedule schedule = schedule(fault("cut", null, Duration.ZERO, Duration.ofMillis(50), null))) {
            schedule.start();
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() -> network.equals(List.of("inject source", "heal source")));
            assertThat(schedule.inPlace()).isEmpty();
        }
        assertThat(recorder.events(Event.FaultHealed.class)).hasSize(1);
    }

    @Test
    void a_fault_until_a_step_is_healed_before_it_begins() {
        try (FaultSchedule schedule = schedule(fault("cut", "first", Duration.ZERO, null, "second"))) {
            schedule.start();
            schedule.before("first");
            schedule.after("first");
            assertThat(schedule.inPlace()).containsExactly("cut");
            schedule.before("second");
            assertThat(network).containsExactly("inject source", "heal source");
        }
    }

    @Test
    void a_step_that_is_over_too_soon_leaves_its_fault_asked_for_and_never_seen_to_bite() {
        try (FaultSchedule schedule = schedule(fault("late", "step", Duration.ofHours(1), null, null))) {
            schedule.start();
            schedule.before("step");
            schedule.after("step");
        }
        assertThat(network).isEmpty();
        assertThat(recorder.events(Event.FaultAsked.class))
                .extracting(Event.FaultAsked::detail)
                .containsExactly("never put in place: the end of step \"step\" before its time came");
        assertThat(recorder.events(Event.FaultBit.class)).isEmpty();
    }

    @Test
    void a_fault_whose_step_never_comes_is_recorded_as_such() {
        try (FaultSchedule schedule = schedule(fault("unmet", "step", Duration.ZERO, null, null))) {
            schedule.start();
        }
        assertThat(recorder.events(Event.FaultAsked.class))
                .extracting(Event.FaultAsked::detail)
                .containsExactly("never put in place: step \"step\" did not come");
    }

    @Test
    void a_fault_that_does_not_bite_is_not_said_to() {
        biting = false;
        try (FaultSchedule schedule = schedule(fault("toothless", null, Duration.ZERO, null, null))) {
            schedule.start();
        }
        assertThat(recorder.events(Event.FaultHealed.class)).hasSize(1);
        assertThat(recorder.events(Event.FaultBit.class)).isEmpty();
    }

    @Test
    void a_schedule_that_never_began_says_that_its_faults_never_came() {
        schedule(fault("unmet", null, Duration.ZERO, null, null)).close();
        assertThat(network).isEmpty();
        assertThat(recorder.events(Event.FaultAsked.class))
                .extracting(Event.FaultAsked::detail)
                .containsExactly("never put in place: the run ended before it began");
    }

    private FaultSchedule schedule(FaultSpec... specs) {
        return new FaultSchedule(List.of(specs), 1, this::inject, recorder);
    }

    private static FaultSpec fault(
            String name, @Nullable String during, Duration after, @Nullable Duration lasts, @Nullable String until) {
        return new FaultSpec(name, "refuse", new Arguments(Map.of()), List.of("source"), during, after, lasts, until);
    }

    private Healing inject(Fault fault) throws CannotInject {
        network.add("inject " + fault.place());
        return new Noted(fault);
    }

    private final class Noted implements Healing {
        private final Fault fault;

        Noted(Fault fault) {
            this.fault = fault;
        }

        @Override
        public Fault fault() {
            return fault;
        }

        @Override
        public Asked asked() {
            return new Asked(recorder.nowNanos(), recorder.nowNanos());
        }

        @Override
        public Optional<Bite> bite() {
            return biting ? Optional.of(new Bite("seen", 3)) : Optional.empty();
        }

        @Override
        public Optional<Bite> awaitBite(Duration atMost) {
            return bite();
        }

        @Override
        public Optional<Asked> healed() {
            return Optional.empty();
        }

        @Override
        public void close() {
            network.add("heal " + fault.place());
        }
    }
}

package org.pgrehearse.chaos.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.pgrehearse.chaos.Asked;
import org.pgrehearse.chaos.Bite;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.Healing;

/** When faults come and go, on a network that only takes notes. */
final class FaultRunTest {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Fault CUT = new Fault.Refuse("app");
    private static final Fault OTHER = new Fault.Refuse("other");

    private final Signals signals = new Signals();
    private final Notes notes = new Notes();

    @Test
    void a_fault_that_waits_for_nothing_is_there_at_once_and_gone_at_the_end() {
        try (FaultRun run = start(PlannedFault.of("cut", CUT))) {
            assertThat(run.inPlace()).containsExactly("cut");
        }
        assertThat(notes.lines).containsExactly("asked cut", "placed cut", "bit cut", "healed cut");
    }

    @Test
    void a_mark_returns_once_its_faults_are_there_and_again_once_they_are_gone() {
        PlannedFault cut =
                PlannedFault.of("cut", CUT).when(When.happened("step a")).until(When.happened("step b"));
        try (FaultRun run = start(cut)) {
            assertThat(run.inPlace()).isEmpty();
            signals.mark("step b");
            assertThat(run.inPlace()).isEmpty();
            signals.mark("step a");
            assertThat(run.inPlace()).containsExactly("cut");
            signals.mark("step b");
            assertThat(run.inPlace()).isEmpty();
        }
        assertThat(notes.lines).containsExactly("asked cut", "placed cut", "bit cut", "healed cut");
    }

    @Test
    void a_fault_comes_at_the_exact_commit_and_goes_at_another() {
        PlannedFault cut =
                PlannedFault.of("cut", CUT).when(When.atLeast("commits", 500)).until(When.gained("commits", 100));
        try (FaultRun run = start(cut)) {
            count("commits", 499);
            assertThat(run.inPlace()).isEmpty();
            count("commits", 1);
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() -> !run.inPlace().isEmpty());
            count("commits", 99);
            assertThat(run.inPlace()).containsExactly("cut");
            count("commits", 1);
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() -> run.inPlace().isEmpty());
        }
        assertThat(notes.lines).containsExactly("asked cut", "placed cut", "bit cut", "healed cut");
    }

    @Test
    void a_reading_starts_a_fault_and_another_ends_it_and_an_unknown_one_does_neither() {
        AtomicLong lag = new AtomicLong(-1);
        signals.read("lag", () -> lag.get() < 0 ? Double.NaN : lag.get());
        PlannedFault cut =
                PlannedFault.of("cut", CUT).when(When.atLeast("lag", 100)).until(When.atMost("lag", 10));
        try (FaultRun run = start(cut)) {
            signals.mark("look");
            assertThat(run.inPlace()).isEmpty();
            lag.set(100);
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() -> !run.inPlace().isEmpty());
            lag.set(-1);
            signals.mark("look");
            assertThat(run.inPlace()).containsExactly("cut");
            lag.set(10);
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() -> run.inPlace().isEmpty());
        }
    }

    @Test
    void conditions_together_hold_only_together() {
        PlannedFault cut =
                PlannedFault.of("cut", CUT).when(When.happened("phase cutover").and(When.atLeast("commits", 5)));
        try (FaultRun run = start(cut)) {
            signals.mark("phase cutover");
            assertThat(run.inPlace()).isEmpty();
            count("commits", 5);
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() -> !run.inPlace().isEmpty());
        }
    }

    @Test
    void a_fault_comes_again_and_each_time_it_bites_and_heals() {
        PlannedFault cut =
                PlannedFault.of("cut", CUT).lasting(Duration.ofMillis(10)).times(3, Duration.ofMillis(60));
        try (FaultRun run = start(cut)) {
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() ->
                            notes.lines.stream().filter("healed cut"::equals).count() == 3);
            assertThat(run.inPlace()).isEmpty();
        }
        List<String> once = List.of("asked cut", "placed cut", "bit cut", "healed cut");
        List<String> thrice = new ArrayList<>(once);
        thrice.addAll(once);
        thrice.addAll(once);
        assertThat(notes.lines).containsExactlyElementsOf(thrice);
    }

    @Test
    void one_fault_follows_another_and_a_third_comes_with_it() {
        PlannedFault first = PlannedFault.of("first", CUT).lasting(Duration.ofMillis(30));
        PlannedFault with = PlannedFault.of("with", OTHER).when(When.begun("first"));
        PlannedFault next = PlannedFault.of("next", CUT).when(When.over("first"));
        try (FaultRun run = start(next, with, first)) {
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() -> run.inPlace().equals(List.of("next", "with")));
        }
        assertThat(notes.lines.indexOf("healed first")).isLessThan(notes.lines.indexOf("asked next"));
        assertThat(notes.lines.indexOf("asked with")).isLessThan(notes.lines.indexOf("healed first"));
    }

    @Test
    void the_seed_alone_decides_when_in_its_window_a_fault_comes() {
        PlannedFault cut = PlannedFault.of("cut", CUT)
                .within(Duration.ofSeconds(10))
                .lasting(Duration.ofSeconds(1))
                .times(20, Duration.ofSeconds(30));
        List<Duration> drawn = delays(7, cut);
        assertThat(delays(7, cut)).isEqualTo(drawn);
        assertThat(delays(8, cut)).isNotEqualTo(drawn);
        assertThat(drawn).doesNotHaveDuplicates();
        for (int number = 0; number < drawn.size(); number++) {
            Duration from = Duration.ofSeconds(30).multipliedBy(number);
            assertThat(drawn.get(number)).isBetween(from, from.plusSeconds(10));
        }
    }

    @Test
    void a_fault_that_became_pointless_or_whose_time_never_came_is_given_up_and_said_to_be() {
        PlannedFault pointless = PlannedFault.of("pointless", CUT)
                .when(When.happened("step a"))
                .after(Duration.ofHours(1))
                .unless(When.happened("the end of step a"));
        PlannedFault unmet = PlannedFault.of("unmet", CUT).when(When.happened("step z"));
        try (FaultRun run = start(pointless, unmet)) {
            signals.mark("step a");
            signals.mark("the end of step a");
            assertThat(run.inPlace()).isEmpty();
        }
        assertThat(notes.lines)
                .containsExactly(
                        "gave up pointless: never put in place: the end of step a before its time came",
                        "gave up unmet: never put in place: step z did not come");
    }

    @Test
    void a_slow_fault_delays_no_other() {
        CountDownLatch slow = new CountDownLatch(1);
        Injector injector = fault -> {
            if (fault.equals(OTHER)) {
                awaitQuietly(slow);
            }
            return new Noted(fault);
        };
        FaultPlan plan = new FaultPlan(
                1,
                List.of(
                        PlannedFault.of("slow", OTHER).after(Duration.ofMillis(10)),
                        PlannedFault.of("quick", CUT).after(Duration.ofMillis(20))));
        try (FaultRun run = plan.start(injector, signals, notes, System::nanoTime)) {
            await().dontCatchUncaughtExceptions()
                    .atMost(DEADLINE)
                    .until(() -> run.inPlace().equals(List.of("quick")));
            slow.countDown();
        }
        assertThat(notes.lines).contains("healed slow", "healed quick");
    }

    @Test
    void an_interrupt_heals_no_less() {
        FaultRun run = start(PlannedFault.of("cut", CUT));
        Thread.currentThread().interrupt();
        run.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(notes.lines).endsWith("healed cut");
    }

    @Test
    void a_server_that_may_be_down_is_excused_while_its_fault_is_there() {
        PlannedFault kill = PlannedFault.of("kill", new Fault.Kill("source")).until(When.happened("enough"));
        try (FaultRun run = start(kill)) {
            assertThat(run.excuses("source")).isTrue();
            assertThat(run.excuses("target")).isFalse();
            signals.mark("enough");
            assertThat(run.excuses("source")).isFalse();
        }
    }

    @Test
    void an_error_of_our_own_is_told() {
        Injector broken = fault -> {
            throw new IllegalStateException("a bug");
        };
        new FaultPlan(1, List.of(PlannedFault.of("cut", CUT)))
                .start(broken, signals, notes, System::nanoTime)
                .close();
        assertThat(notes.lines).anyMatch(line -> line.startsWith("trouble cut: ") && line.contains("error of our own"));
    }

    @Test
    void a_plan_that_cannot_be_meant_is_refused() {
        PlannedFault cut = PlannedFault.of("cut", CUT);
        assertThatThrownBy(() -> new FaultPlan(1, List.of(cut, cut))).hasMessage("two faults are named \"cut\"");
        assertThatThrownBy(() -> cut.times(2, Duration.ofSeconds(1))).hasMessageContaining("needs a length");
        assertThatThrownBy(() -> cut.lasting(Duration.ofSeconds(2)).times(2, Duration.ofSeconds(1)))
                .hasMessageContaining("shorter than its interval");
        assertThatThrownBy(() -> cut.lasting(Duration.ofMillis(1)).times(1001, Duration.ofSeconds(1)))
                .hasMessageContaining("from 1 to 1000 times");
        assertThatThrownBy(() -> cut.after(Duration.ofMillis(-1))).hasMessageContaining("cannot be negative");
    }

    private FaultRun start(PlannedFault... faults) {
        return new FaultPlan(1, List.of(faults)).start(Noted::new, signals, notes, System::nanoTime);
    }

    private void count(String counter, int times) {
        for (int i = 0; i < times; i++) {
            signals.count(counter);
        }
    }

    private static List<Duration> delays(long seed, PlannedFault fault) {
        FaultPlan plan = new FaultPlan(seed, List.of(fault));
        List<Duration> delays = new ArrayList<>();
        for (int number = 0; number < fault.times(); number++) {
            delays.add(plan.delay(fault, number));
        }
        return delays;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What a run told, one line each. */
    private static final class Notes implements Course {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void asked(PlannedFault fault) {
            lines.add("asked " + fault.name());
        }

        @Override
        public void placed(PlannedFault fault, List<Asked> intervals) {
            lines.add("placed " + fault.name());
        }

        @Override
        public void bit(PlannedFault fault, List<Bite> bites) {
            lines.add("bit " + fault.name());
        }

        @Override
        public void healed(PlannedFault fault, List<Asked> intervals, List<String> problems, List<String> damage) {
            lines.add("healed " + fault.name());
        }

        @Override
        public void gaveUp(PlannedFault fault, String reason) {
            lines.add("gave up " + fault.name() + ": " + reason);
        }

        @Override
        public void trouble(PlannedFault fault, String message) {
            lines.add("trouble " + fault.name() + ": " + message);
        }
    }

    private record Noted(Fault fault) implements Healing {
        @Override
        public Asked asked() {
            return new Asked(System.nanoTime(), System.nanoTime());
        }

        @Override
        public Optional<Bite> bite() {
            return Optional.of(new Bite("seen", 3));
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
        public void close() {}
    }
}

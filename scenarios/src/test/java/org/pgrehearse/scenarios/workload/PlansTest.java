package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PlansTest {
    @Test
    void the_usual_sentinel_finds_a_slot_at_each_tick_of_a_deadline() {
        ProbePlan plan = ProbePlan.usual();

        assertThat(plan)
                .isEqualTo(new ProbePlan(Duration.ofMillis(10), Duration.ofMillis(500), Duration.ofSeconds(5), 10, 6));
        assertThat(plan.slots()).isEqualTo(56);
        assertThat(plan.connectionsMax()).isEqualTo(144);
    }

    @Test
    void slots_are_rounded_up() {
        assertThat(new ProbePlan(Duration.ofMillis(300), Duration.ofMillis(500), Duration.ofSeconds(5), 0, 1).slots())
                .isEqualTo(3);
    }

    @Test
    void a_sentinel_whose_times_do_not_rise_is_refused() {
        assertThatThrownBy(() -> new ProbePlan(Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(5), 10, 6))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new ProbePlan(Duration.ofMillis(10), Duration.ofMillis(5), Duration.ofSeconds(5), 10, 6))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new ProbePlan(Duration.ofMillis(10), Duration.ofSeconds(6), Duration.ofSeconds(5), 10, 6))
                .hasMessage("Cannot probe every PT0.01S with the deadline PT6S and the patience PT5S: they must rise,"
                        + " from 1 ms on.");
    }

    @Test
    void the_usual_load_waits_ten_seconds() {
        assertThat(LoadPlan.perSecond(333.3))
                .isEqualTo(new LoadPlan(new BigDecimal("333.3"), Duration.ofSeconds(10), 20_000));
        assertThatThrownBy(() -> LoadPlan.perSecond(0)).isInstanceOf(IllegalArgumentException.class);
    }
}

package org.pgrehearse.scenarios.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class UnitsTest {
    @Test
    void durations_carry_their_unit() {
        assertThat(Units.duration("250ms")).contains(Duration.ofMillis(250));
        assertThat(Units.duration("1.5 s")).contains(Duration.ofMillis(1_500));
        assertThat(Units.duration("2m")).contains(Duration.ofMinutes(2));
        assertThat(Units.duration("3h")).contains(Duration.ofHours(3));
    }

    @Test
    void a_number_without_a_unit_is_no_duration() {
        assertThat(Units.duration("5")).isEmpty();
        assertThat(Units.duration("-1s")).isEmpty();
        assertThat(Units.duration("99999999999999h")).isEmpty();
    }

    @Test
    void rates_sizes_and_shares() {
        assertThat(Units.rate("12.5/s")).contains(12.5);
        assertThat(Units.rate("12.5")).isEmpty();
        assertThat(Units.bytes("64KiB")).contains(65_536L);
        assertThat(Units.bytes("64kb")).isEmpty();
        assertThat(Units.share("1/7")).contains(7);
        assertThat(Units.share("1/0")).isEmpty();
    }
}

package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Outcome;

final class GaugeTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void counts_are_since_the_start_and_lateness_since_the_last_look() {
        Gauge gauge = new Gauge(0);
        for (int i = 1; i <= 100; i++) {
            gauge.count(Outcome.ACKNOWLEDGED, i * 1_000_000L);
        }
        gauge.count(Outcome.FAILED, 1_000_000L);
        Gauge.Reading first = gauge.read(2 * SECOND, 3);
        gauge.count(Outcome.UNKNOWN, 5 * SECOND);
        Gauge.Reading second = gauge.read(3 * SECOND, 0);

        assertThat(first.acknowledged()).isEqualTo(100);
        assertThat(first.failed()).isEqualTo(1);
        assertThat(first.inFlight()).isEqualTo(3);
        assertThat(first.endedPerSecond()).isEqualTo(50.5);
        assertThat(first.latenessMillisP50()).isCloseTo(50, Percentage.withPercentage(3));
        assertThat(first.latenessMillisP99()).isCloseTo(99, Percentage.withPercentage(3));
        assertThat(second.acknowledged()).isEqualTo(100);
        assertThat(second.unknown()).isEqualTo(1);
        assertThat(second.endedPerSecond()).isEqualTo(1);
        assertThat(second.latenessMillisP99()).isCloseTo(5_000, Percentage.withPercentage(3));
    }

    @Test
    void nothing_that_happened_is_nothing() {
        Gauge.Reading reading = new Gauge(0).read(SECOND, 0);

        assertThat(reading).isEqualTo(new Gauge.Reading(0, 0, 0, 0, 0, 0, 0));
    }
}

package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RateCurveTest {
    private static final List<RateCurve.Point> POINTS = List.of(point(0, 100), point(10, 300), point(20, 50));

    @Test
    void steps_keep_each_rate_until_the_next_point() {
        RateCurve curve = new RateCurve(POINTS, false, false, 0);

        assertThat(counts(curve, 30)).startsWith(100, 100).contains(300).endsWith(50, 50);
        assertThat(curve.at(0)).isZero();
        assertThat(curve.at(1000)).isEqualTo(10_000_000_000L);
        assertThat(curve.at(4000)).isEqualTo(20_000_000_000L);
        assertThat(curve.at(4050)).isEqualTo(21_000_000_000L);
    }

    @Test
    void ramps_have_the_area_under_the_line() {
        RateCurve curve = new RateCurve(POINTS, true, false, 0);

        assertThat(curve.at(2000)).isCloseTo(10_000_000_000L, org.assertj.core.api.Assertions.within(2L));
        // From 100/s to 300/s in 10 s: 100 t + 10 t^2 arrivals after t seconds.
        assertThat(curve.at(100 * 4 + 10 * 16)).isCloseTo(4_000_000_000L, org.assertj.core.api.Assertions.within(2L));
    }

    @Test
    void a_curve_that_repeats_begins_again() {
        RateCurve curve = new RateCurve(POINTS, true, true, 7);
        long perPeriod = 2000 + 1750;

        assertThat(curve.at(perPeriod + 560) - curve.at(560)).isEqualTo(20_000_000_000L);
        assertThat(counts(curve, 40).subList(0, 20)).isEqualTo(counts(curve, 40).subList(20, 40));
    }

    @Test
    void no_arrival_is_before_the_one_before_it_and_a_rate_of_zero_ends_them() {
        RateCurve curve = new RateCurve(List.of(point(0, 0), point(5, 80), point(9, 0)), true, false, 0);
        long[] due = LongStream.range(0, 360).map(curve::at).toArray();

        assertThat(due).isSorted();
        assertThat(due[359]).isLessThan(9_000_000_000L);
        assertThat(curve.at(360)).isEqualTo(Schedule.NEVER);
    }

    @Test
    void a_curve_without_order_or_rate_is_refused() {
        assertThatThrownBy(() -> new RateCurve(List.of(point(1, 5)), true, false, 0))
                .hasMessageContaining("at zero");
        assertThatThrownBy(() -> new RateCurve(List.of(point(0, 5), point(0, 6)), true, false, 0))
                .hasMessageContaining("in order");
        assertThatThrownBy(() -> new RateCurve(List.of(point(0, 0)), true, false, 0))
                .hasMessageContaining("positive");
    }

    private static RateCurve.Point point(int seconds, double rate) {
        return new RateCurve.Point(Duration.ofSeconds(seconds), rate);
    }

    private static List<Integer> counts(RateCurve curve, int seconds) {
        Integer[] counts = new Integer[seconds];
        java.util.Arrays.fill(counts, 0);
        for (long i = 0; curve.at(i) < seconds * 1_000_000_000L; i++) {
            counts[(int) (curve.at(i) / 1_000_000_000L)]++;
        }
        return List.of(counts);
    }
}

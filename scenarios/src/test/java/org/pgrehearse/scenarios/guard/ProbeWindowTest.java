package org.pgrehearse.scenarios.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/** Downtime and percentile while probes are still under way. */
final class ProbeWindowTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long START = 7_000 * MILLI;

    private final ProbeWindow window = new ProbeWindow(2_000 * MILLI);

    @BeforeEach
    void plan() {
        window.plan(new Event.SentinelPlan(START, START, 10 * MILLI, 500 * MILLI, -1));
    }

    @Test
    void probes_answered_in_time_are_no_downtime() {
        good(0, 400);

        assertThat(window.downtimeSeconds(at(3_900))).isZero();
        assertThat(window.highSeconds(at(4_000))).isEqualTo(0.003);
        assertThat(window.goodInARow()).isEqualTo(400);
        assertThat(window.goodSinceNanos()).isEqualTo(START);
    }

    @Test
    void probes_that_nothing_was_heard_of_are_downtime_once_their_time_is_over() {
        good(0, 100);

        assertThat(window.downtimeSeconds(at(1_690))).isZero();
        assertThat(window.downtimeSeconds(at(2_700))).isEqualTo(1.0);
        assertThat(window.downtimeSeconds(at(2_700))).isEqualTo(1.0);
        assertThat(window.highSeconds(at(2_700))).isGreaterThan(1.6);
    }

    @Test
    void a_failed_a_late_and_a_lost_probe_are_downtime() {
        good(0, 10);
        probe(10, 3, Outcome.FAILED);
        probe(11, 501, Outcome.ACKNOWLEDGED);
        probe(12, 3, Outcome.UNKNOWN);
        good(13, 30);

        assertThat(window.downtimeSeconds(at(1_000))).isEqualTo(0.03);
        assertThat(window.goodInARow()).isEqualTo(17);
        assertThat(window.goodSinceNanos()).isEqualTo(at(130));
    }

    @Test
    void too_few_probes_have_no_percentile() {
        good(0, 10);
        assertThat(window.highSeconds(at(100))).isNaN();
    }

    private void good(int from, int to) {
        for (int place = from; place < to; place++) {
            probe(place, 3, Outcome.ACKNOWLEDGED);
            window.downtimeSeconds(at(place * 10L));
        }
    }

    private void probe(int place, long latenessMillis, Outcome outcome) {
        long intended = at(place * 10L);
        long ended = intended + latenessMillis * MILLI;
        window.add(new Event.Probe(
                ended,
                true,
                false,
                place,
                intended,
                intended,
                ended,
                outcome,
                Side.SOURCE,
                null,
                null,
                null,
                null,
                null,
                null));
    }

    private static long at(long millis) {
        return START + millis * MILLI;
    }
}

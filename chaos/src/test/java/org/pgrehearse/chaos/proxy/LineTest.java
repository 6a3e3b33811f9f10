package org.pgrehearse.chaos.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When bytes go and what happens to them, on a clock of the test's own. */
final class LineTest {
    private static final long MILLI = 1_000_000;
    private static final Dice DICE = new Dice(3);

    private final Line line = new Line();
    private long chunks;

    @Test
    void without_toxics_everything_goes_at_once() {
        assertThat(line.isClear()).isTrue();
        add(10, 0);
        assertThat(line.isClear()).isFalse();
        assertThat(line.next(0)).isEqualTo(new Move.Pass(10, 0));
    }

    @Test
    void latency_counts_from_arrival_and_overlaps() {
        Grip slow = hold(new Behavior.Latency(Duration.ofMillis(100), Duration.ZERO));
        add(1, 0);
        add(2, 30 * MILLI);
        assertThat(line.next(0)).isEqualTo(new Move.Wait(100 * MILLI));
        assertThat(pass(100 * MILLI)).isEqualTo(1);
        assertThat(line.next(100 * MILLI)).isEqualTo(new Move.Wait(130 * MILLI));
        assertThat(pass(131 * MILLI)).isEqualTo(2);
        assertThat(slow.tally().effects().chunksDelayed()).isEqualTo(2);
        assertThat(slow.tally().effects().bytesHeld()).isEqualTo(3);
    }

    @Test
    void jitter_stays_within_its_bounds_and_is_not_constant() {
        hold(new Behavior.Latency(Duration.ofMillis(100), Duration.ofMillis(40)));
        List<Long> delays = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            add(1, 0);
            Move move = line.next(0);
            delays.add(((Move.Wait) move).untilNanos());
            assertThat(line.next(1)).isEqualTo(move);
            assertThat(line.drop()).isEqualTo(1);
        }
        assertThat(delays).allMatch(delay -> delay >= 60 * MILLI && delay <= 140 * MILLI);
        assertThat(delays.stream().distinct().count()).isGreaterThan(100);
        assertThat(delays).anyMatch(delay -> delay < 70 * MILLI).anyMatch(delay -> delay > 130 * MILLI);
    }

    @Test
    void latencies_add_up() {
        hold(
                new Behavior.Latency(Duration.ofMillis(100), Duration.ZERO),
                new Behavior.Latency(Duration.ofMillis(50), Duration.ZERO));
        add(1, 0);
        assertThat(line.next(0)).isEqualTo(new Move.Wait(150 * MILLI));
    }

    @Test
    void bandwidth_spreads_a_chunk_evenly() {
        Grip thin = hold(new Behavior.Bandwidth(100));
        add(16_000, 0);
        assertThat(drain()).containsExactly("10000@100", "6000@160");
        add(1000, 500 * MILLI);
        assertThat(line.next(500 * MILLI)).isEqualTo(new Move.Wait(510 * MILLI));
        assertThat(thin.tally().effects().bytesHeld()).isEqualTo(17_000);
    }

    @Test
    void bandwidth_of_zero_lets_nothing_through_until_it_changes() {
        Grip shut = hold(new Behavior.Bandwidth(0));
        add(5, 0);
        assertThat(line.next(10_000 * MILLI)).isEqualTo(new Move.Wait(Move.Wait.FOREVER));
        shut.become(new Behavior.Bandwidth(1000), 20_000 * MILLI);
        assertThat(pass(20_000 * MILLI)).isEqualTo(5);
    }

    @Test
    void a_stalled_reader_earns_no_burst() {
        hold(new Behavior.Bandwidth(100));
        for (int i = 0; i < 6; i++) {
            add(10_000, 0);
        }
        assertThat(pass(10_000 * MILLI)).isEqualTo(10_000);
        assertThat(pass(10_000 * MILLI)).isEqualTo(10_000);
        assertThat(line.next(10_000 * MILLI)).isEqualTo(new Move.Wait(10_100 * MILLI));
    }

    @Test
    void a_slicer_cuts_within_its_bounds_and_pauses_after_each_slice() {
        Grip knife = hold(new Behavior.Slicer(10, 3, Duration.ofMillis(5)));
        add(100, 0);
        int sum = 0;
        long now = 0;
        int slices = 0;
        while (line.bytesWaiting() > 0) {
            Move move = line.next(now);
            if (move instanceof Move.Wait(long until)) {
                assertThat(until).isEqualTo(now + 5 * MILLI);
                now = until;
            } else {
                int length = pass(now);
                assertThat(length).isBetween(1, 13);
                sum += length;
                slices++;
            }
        }
        assertThat(sum).isEqualTo(100);
        assertThat(slices).isBetween(8, 15);
        assertThat(knife.tally().effects().chunksSliced()).isBetween((long) slices - 1, (long) slices);
    }

    @Test
    void a_timeout_drops_and_then_severs_even_when_idle() {
        Grip hole = hold(new Behavior.Timeout(Duration.ofMillis(100)));
        add(5, 0);
        assertThat(line.next(0)).isEqualTo(new Move.Drop(hole));
        assertThat(line.drop()).isEqualTo(5);
        assertThat(line.next(1)).isEqualTo(new Move.Wait(100 * MILLI));
        assertThat(line.next(100 * MILLI)).isEqualTo(new Move.Sever(hole, Ending.CLOSE));
    }

    @Test
    void a_timeout_of_zero_drops_for_ever() {
        Grip hole = hold(new Behavior.Timeout(Duration.ZERO));
        assertThat(line.next(MILLI)).isEqualTo(new Move.Wait(Move.Wait.FOREVER));
        add(5, 0);
        assertThat(line.next(MILLI)).isEqualTo(new Move.Drop(hole));
    }

    @Test
    void a_reset_of_zero_waits_for_a_byte_or_the_end() {
        Grip rst = hold(new Behavior.ResetPeer(Duration.ZERO));
        assertThat(line.next(MILLI)).isEqualTo(new Move.Wait(Move.Wait.FOREVER));
        add(1, 0);
        assertThat(line.next(MILLI)).isEqualTo(new Move.Sever(rst, Ending.RESET));
        assertThat(line.drop()).isEqualTo(1);
        line.end(0);
        assertThat(line.next(MILLI)).isEqualTo(new Move.Sever(rst, Ending.RESET));
    }

    @Test
    void a_reset_with_a_time_lets_nothing_through_until_then() {
        Grip rst = hold(new Behavior.ResetPeer(Duration.ofMillis(100)));
        add(1, 0);
        assertThat(line.next(MILLI)).isEqualTo(new Move.Wait(100 * MILLI));
        assertThat(line.next(100 * MILLI)).isEqualTo(new Move.Sever(rst, Ending.RESET));
    }

    @Test
    void limit_data_passes_so_many_bytes_and_severs() {
        Grip limit = hold(new Behavior.LimitData(7));
        add(5, 0);
        add(5, 0);
        assertThat(pass(0)).isEqualTo(5);
        assertThat(pass(0)).isEqualTo(2);
        assertThat(line.next(0)).isEqualTo(new Move.Sever(limit, Ending.CLOSE));
    }

    @Test
    void limit_data_of_zero_waits_for_the_first_byte() {
        Grip limit = hold(new Behavior.LimitData(0));
        assertThat(line.next(0)).isEqualTo(new Move.Wait(Move.Wait.FOREVER));
        add(5, 0);
        assertThat(line.next(0)).isEqualTo(new Move.Sever(limit, Ending.CLOSE));
    }

    @Test
    void slow_close_delays_the_end_behind_the_bytes() {
        Grip slow = hold(new Behavior.SlowClose(Duration.ofMillis(100)));
        add(5, 0);
        line.end(0);
        assertThat(pass(0)).isEqualTo(5);
        assertThat(line.next(0)).isEqualTo(new Move.Wait(100 * MILLI));
        assertThat(line.next(100 * MILLI)).isEqualTo(new Move.Finish());
        assertThat(slow.tally().effects().closesDelayed()).isEqualTo(1);
    }

    @Test
    void a_change_of_attributes_restarts_timers_and_keeps_counts() {
        Grip limit = hold(new Behavior.LimitData(7));
        add(5, 0);
        assertThat(pass(0)).isEqualTo(5);
        limit.become(new Behavior.LimitData(6), MILLI);
        add(5, MILLI);
        assertThat(pass(MILLI)).isEqualTo(1);

        Grip hole = hold(new Behavior.Timeout(Duration.ofMillis(100)));
        hole.become(new Behavior.Timeout(Duration.ofMillis(50)), 80 * MILLI);
        assertThat(hole.deadlineNanos()).isEqualTo(130 * MILLI);
        hole.become(new Behavior.Timeout(Duration.ofMillis(50)), 100 * MILLI);
        assertThat(hole.deadlineNanos()).isEqualTo(130 * MILLI);
    }

    @Test
    void dice_ask_nobody_and_are_fair() {
        assertThat(new Dice(1).of("a").of(2).roll())
                .isEqualTo(new Dice(1).of("a").of(2).roll());
        assertThat(new Dice(1).of("a").roll()).isNotEqualTo(new Dice(1).of("b").roll());
        int[] buckets = new int[10];
        for (int i = 0; i < 10_000; i++) {
            buckets[(int) (new Dice(5).of(i).of("toxic").roll() * 10)]++;
        }
        assertThat(Arrays.stream(buckets).boxed()).allMatch(count -> count > 850 && count < 1150);
    }

    private Grip hold(Behavior... behaviors) {
        List<Grip> grips = Arrays.stream(behaviors)
                .map(behavior -> new Grip(new ToxicTally(), DICE, behavior, 0))
                .toList();
        line.hold(grips);
        return grips.getFirst();
    }

    private void add(int length, long nowNanos) {
        line.add(new Chunk(new byte[length], chunks++, nowNanos));
    }

    private int pass(long nowNanos) {
        Move.Pass pass = (Move.Pass) line.next(nowNanos);
        line.passed(pass, nowNanos);
        return pass.length();
    }

    private List<String> drain() {
        List<String> passed = new ArrayList<>();
        long now = 0;
        while (line.bytesWaiting() > 0) {
            if (line.next(now) instanceof Move.Wait(long until)) {
                now = until;
            }
            passed.add(pass(now) + "@" + now / MILLI);
        }
        return passed;
    }
}

package org.pgrehearse.verifier.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.chunk.KeyRanges.Range;

final class KeyRangesTest {
    private static List<Range> all(KeyRanges ranges, long nanosPerInterval) {
        List<Range> taken = new ArrayList<>();
        for (Optional<Range> range = ranges.take(); range.isPresent(); range = ranges.take()) {
            taken.add(range.get());
            ranges.took(range.get(), (range.get().end() - range.get().first()) * nanosPerInterval);
        }
        return taken;
    }

    @Test
    void every_interval_that_is_not_done_is_handed_out_once() {
        for (long seed = 1; seed <= 200; seed++) {
            RandomGenerator random =
                    RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            int intervals = random.nextInt(1, 2_000);
            BitSet done = new BitSet();
            random.ints(random.nextInt(0, 300), 0, intervals).forEach(done::set);
            KeyRanges ranges = new KeyRanges(intervals, done, Duration.ofSeconds(1));
            BitSet seen = (BitSet) done.clone();
            for (Range range : all(ranges, random.nextLong(1_000, 5_000_000_000L))) {
                assertThat(range.end()).as("seed %s", seed).isGreaterThan(range.first());
                assertThat(seen.get(range.first(), range.end()).isEmpty())
                        .as("seed %s", seed)
                        .isTrue();
                seen.set(range.first(), range.end());
            }
            assertThat(seen.cardinality()).as("seed %s", seed).isEqualTo(intervals);
        }
    }

    @Test
    void a_table_that_is_read_quickly_is_cut_into_few_ranges_and_a_slow_one_by_the_wanted_time() {
        KeyRanges quick = new KeyRanges(1_000, new BitSet(), Duration.ofSeconds(1));
        assertThat(all(quick, Duration.ofMillis(2).toNanos())).hasSizeBetween(80, 150);
        KeyRanges slow = new KeyRanges(16_000, new BitSet(), Duration.ofSeconds(1));
        List<Range> ranges = all(slow, Duration.ofMillis(100).toNanos());
        assertThat(ranges.get(20).end() - ranges.get(20).first()).isEqualTo(10);
    }

    @Test
    void an_interval_that_takes_longer_than_wanted_is_a_range_by_itself() {
        KeyRanges ranges = new KeyRanges(500, new BitSet(), Duration.ofSeconds(1));
        List<Range> taken = all(ranges, Duration.ofSeconds(30).toNanos());
        assertThat(taken.getLast()).isEqualTo(new Range(499, 500));
    }

    @Test
    void cuts_have_an_open_interval_at_both_ends() {
        KeyCuts cuts = new KeyCuts("\"id\"", "int8", List.of("-5", "17"));
        assertThat(cuts.intervals()).isEqualTo(3);
        assertThat(cuts.slice(0, 1).condition()).isEqualTo("\"id\" < '-5'::int8");
        assertThat(cuts.slice(1, 2).condition()).isEqualTo("\"id\" >= '-5'::int8 AND \"id\" < '17'::int8");
        assertThat(cuts.slice(1, 3).condition()).isEqualTo("\"id\" >= '-5'::int8");
        assertThat(cuts.slice(0, 3).condition()).isEqualTo("true");
        assertThat(new KeyCuts("\"name\"", "", List.of("O'Hara")).slice(1, 2).condition())
                .isEqualTo("\"name\" >= 'O''Hara'");
    }
}

package org.pgrehearse.verifier.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PageRangesTest {
    private static List<Slice.Pages> all(PageRanges ranges, long nanosPerPage) {
        List<Slice.Pages> taken = new ArrayList<>();
        for (Optional<Slice> slice = ranges.take(); slice.isPresent(); slice = ranges.take()) {
            Slice.Pages pages = (Slice.Pages) slice.get();
            taken.add(pages);
            ranges.took(pages, (pages.end() - pages.first()) * nanosPerPage);
        }
        return taken;
    }

    @Test
    void ranges_follow_each_other_and_the_last_is_open() {
        List<Slice.Pages> ranges = all(new PageRanges(50_000, 3, Duration.ofSeconds(1)), 10_000);
        assertThat(ranges.getFirst().first()).isZero();
        for (int i = 1; i < ranges.size(); i++) {
            assertThat(ranges.get(i).first()).isEqualTo(ranges.get(i - 1).end());
            assertThat(ranges.get(i - 1).last()).isFalse();
        }
        assertThat(ranges.getLast().last()).isTrue();
        assertThat(ranges.getLast().condition()).doesNotContain("<");
    }

    @Test
    void an_empty_table_is_read_once() {
        assertThat(all(new PageRanges(0, 4, Duration.ofSeconds(1)), 1)).hasSize(1);
    }

    @Test
    void slow_pages_make_short_ranges_and_fast_ones_long_ranges() {
        long slow = Duration.ofMillis(20).toNanos();
        List<Slice.Pages> ranges = all(new PageRanges(10_000, 1, Duration.ofSeconds(1)), slow);
        assertThat(ranges.get(1).end() - ranges.get(1).first()).isEqualTo(50);
        List<Slice.Pages> fast = all(new PageRanges(10_000_000, 1, Duration.ofSeconds(1)), 1_000);
        assertThat(fast)
                .anySatisfy(range -> assertThat(range.end() - range.first()).isGreaterThan(100_000));
    }
}

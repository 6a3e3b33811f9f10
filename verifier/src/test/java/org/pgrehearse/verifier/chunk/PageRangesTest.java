package org.pgrehearse.verifier.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
        List<Slice.Pages> ranges = all(new PageRanges(50_000, 3, Duration.ofSeconds(1), List.of()), 10_000);
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
        assertThat(all(new PageRanges(0, 4, Duration.ofSeconds(1), List.of()), 1))
                .hasSize(1);
    }

    @Test
    void pages_that_were_read_before_are_left_out_and_no_others() {
        List<Slice.Pages> done = List.of(new Slice.Pages(0, 700, false), new Slice.Pages(4_000, 6_500, false));
        List<Slice.Pages> rest = all(new PageRanges(9_000, 2, Duration.ofSeconds(1), done), 10_000);
        List<Slice.Pages> both = Stream.concat(done.stream(), rest.stream())
                .sorted(Comparator.comparingLong(Slice.Pages::first))
                .toList();
        assertThat(both.getFirst().first()).isZero();
        for (int i = 1; i < both.size(); i++) {
            assertThat(both.get(i).first()).isEqualTo(both.get(i - 1).end());
        }
        assertThat(both.getLast().last()).isTrue();
    }

    @Test
    void a_last_range_that_was_read_before_is_not_read_again() {
        List<Slice.Pages> done = List.of(new Slice.Pages(2_000, 3_000, true));
        List<Slice.Pages> rest = all(new PageRanges(3_500, 1, Duration.ofSeconds(1), done), 10_000);
        assertThat(rest.getFirst().first()).isZero();
        assertThat(rest.getLast().end()).isEqualTo(2_000);
        assertThat(rest).noneMatch(Slice.Pages::last);
        assertThat(all(new PageRanges(9, 1, Duration.ofSeconds(1), List.of(new Slice.Pages(0, 9, true))), 1))
                .isEmpty();
    }

    @Test
    void slow_pages_make_short_ranges_and_fast_ones_long_ranges() {
        long slow = Duration.ofMillis(20).toNanos();
        List<Slice.Pages> ranges = all(new PageRanges(10_000, 1, Duration.ofSeconds(1), List.of()), slow);
        assertThat(ranges.get(1).end() - ranges.get(1).first()).isEqualTo(50);
        List<Slice.Pages> fast = all(new PageRanges(10_000_000, 1, Duration.ofSeconds(1), List.of()), 1_000);
        assertThat(fast)
                .anySatisfy(range -> assertThat(range.end() - range.first()).isGreaterThan(100_000));
    }
}

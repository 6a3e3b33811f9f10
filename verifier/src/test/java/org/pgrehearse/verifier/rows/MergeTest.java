package org.pgrehearse.verifier.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/** Two streams of rows, side by side. */
final class MergeTest {
    private static final int REMEMBERED = 10;

    @Test
    void equal_streams_have_no_difference() throws ReadFailedException {
        List<Located> rows = List.of(row(-5, 1), row(0, 2), row(7, 3));
        assertThat(merge(true, rows, rows).remembered()).isEmpty();
        assertThat(merge(true, List.of(), List.of()).remembered()).isEmpty();
    }

    @Test
    void a_row_on_one_side_only_is_found_wherever_it_stands() throws ReadFailedException {
        Tally tally = merge(
                true,
                List.of(row(-9, 1), row(1, 1), row(2, 1), row(9, 1)),
                List.of(row(1, 1), row(1 + 4, 1), row(9, 1), row(10, 1)));
        assertThat(tally.missing()).isEqualTo(2);
        assertThat(tally.unexpected()).isEqualTo(2);
        assertThat(tally.changed()).isZero();
        assertThat(tally.remembered()).extracting(Group::locator).containsExactly(-9L, 2L, 5L, 10L);
    }

    @Test
    void a_row_with_another_hash_has_changed() throws ReadFailedException {
        Tally tally = merge(true, List.of(row(1, 1), row(2, 2)), List.of(row(1, 1), row(2, 3)));
        assertThat(tally.changed()).isEqualTo(1);
        assertThat(tally.missing() + tally.unexpected()).isZero();
    }

    /** Two keys with one hash: the row that is the same on both sides is not taken for the one that is not. */
    @Test
    void rows_that_share_a_locator_are_told_apart_by_their_hashes() throws ReadFailedException {
        Tally tally = merge(true, List.of(row(4, 1), row(4, 2)), List.of(row(4, 2), row(4, 3)));
        assertThat(tally.changed()).isEqualTo(1);
        assertThat(tally.remembered()).hasSize(1).allSatisfy(group -> {
            assertThat(group.source()).containsExactly(row(4, 1));
            assertThat(group.target()).containsExactly(row(4, 3));
        });
    }

    @Test
    void rows_without_a_key_differ_in_number() throws ReadFailedException {
        Tally tally = merge(false, List.of(new Located(3, 3, 5, "a")), List.of(new Located(3, 3, 2, "b")));
        assertThat(tally.missing()).isEqualTo(3);
        assertThat(tally.unexpected() + tally.changed()).isZero();
    }

    @Test
    void more_rows_with_one_locator_than_any_key_allows_are_refused() {
        List<Located> rows =
                LongStream.rangeClosed(0, 1_000).mapToObj(i -> row(1, i)).toList();
        assertThatThrownBy(() -> merge(true, rows, List.of())).isInstanceOf(IllegalStateException.class);
    }

    private static Located row(long locator, long hash) {
        return new Located(locator, hash, 1, "(0,1)");
    }

    private static Tally merge(boolean keyed, List<Located> source, List<Located> target) throws ReadFailedException {
        Tally tally = new Tally(keyed, REMEMBERED);
        Iterator<Located> left = source.iterator();
        Iterator<Located> right = target.iterator();
        new Merge(() -> left.hasNext() ? left.next() : null, () -> right.hasNext() ? right.next() : null).run(tally);
        return tally;
    }
}

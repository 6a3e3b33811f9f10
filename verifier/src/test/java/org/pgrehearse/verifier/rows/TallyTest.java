package org.pgrehearse.verifier.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TallyTest {
    private static Located row(long locator, long hash, long count) {
        return new Located(locator, hash, count, "(0,1)");
    }

    @Test
    void two_keys_with_one_hash_are_kept_apart_by_their_rows() {
        Group group = Group.of(5, List.of(row(5, 1, 1), row(5, 2, 1)), List.of(row(5, 2, 1), row(5, 3, 1)));
        assertThat(group.source()).containsExactly(row(5, 1, 1));
        assertThat(group.target()).containsExactly(row(5, 3, 1));
        Tally tally = new Tally(true, 10);
        tally.add(group);
        assertThat(tally.changed()).isEqualTo(1);
        assertThat(tally.missing() + tally.unexpected()).isZero();
    }

    @Test
    void the_same_rows_leave_nothing() {
        assertThat(Group.of(5, List.of(row(5, 1, 2)), List.of(row(5, 1, 2))).isEmpty())
                .isTrue();
    }

    @Test
    void occurrences_of_a_multiset_are_counted_one_by_one() {
        Tally tally = new Tally(false, 0);
        tally.add(Group.of(5, List.of(row(5, 5, 7)), List.of(row(5, 5, 3))));
        tally.add(Group.of(6, List.of(), List.of(row(6, 6, 2))));
        assertThat(tally.missing()).isEqualTo(4);
        assertThat(tally.unexpected()).isEqualTo(2);
        assertThat(tally.changed()).isZero();
        assertThat(tally.remembered()).isEmpty();
    }
}

package org.pgrehearse.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tables differ in as many rows as they are said to. */
final class TableUnderTestTest {
    @Test
    void no_two_differences_fall_on_one_row() {
        for (long rows : new long[] {1_000, 1_024, 9_973, 30_030}) {
            TableUnderTest table = new TableUnderTest(Shape.NARROW, KeyKind.BIGINT, rows);
            Set<Long> hit = new HashSet<>();
            for (long j = 0; j < table.differencesMax(); j++) {
                hit.add(1 + j * table.stride() % rows);
            }
            assertThat(hit).hasSize(Math.toIntExact(table.differencesMax())).allMatch(row -> row >= 1 && row <= rows);
        }
    }

    @Test
    void differences_lie_all_over_the_table() {
        TableUnderTest table = new TableUnderTest(Shape.NARROW, KeyKind.BIGINT, 2_000_000);
        Set<Long> tenths = new HashSet<>();
        for (long j = 0; j < 40; j++) {
            tenths.add(j * table.stride() % table.rows() / 200_000);
        }
        assertThat(tenths).hasSize(10);
    }

    @Test
    void at_most_a_twentieth_of_the_rows_differs() {
        assertThat(new TableUnderTest(Shape.WIDE, KeyKind.UUID, 2_000_000).differencesMax())
                .isEqualTo(100_000);
        assertThat(new TableUnderTest(Shape.WIDE, KeyKind.UUID, 1_999).differencesMax())
                .isEqualTo(96);
    }

    @Test
    void of_four_differences_two_are_changes() {
        assertThat(ExpectedDifferences.of(8)).isEqualTo(new ExpectedDifferences(2, 2, 4));
        assertThatThrownBy(() -> ExpectedDifferences.of(6)).hasMessage("not a multiple of 4: 6");
    }

    @Test
    void the_floor_hashes_every_column_in_a_form_that_is_exact() {
        assertThat(new TableUnderTest(Shape.NARROW, KeyKind.BIGINT, 1_000).floorDigest())
                .startsWith("SELECT count(*), sum(hashint4extended(7, ")
                .contains("hashint8extended((\"id\")::int8", "hashint4extended(\"customer\"", "(\"amount\" < 0)")
                .contains("date_part('epoch', \"placed_at\")")
                .doesNotContain("scale(")
                .endsWith(" FROM narrow_bigint");
        assertThat(new TableUnderTest(Shape.MIXED, KeyKind.UUID, 1_000).floorDigest())
                .contains("uuid_hash_extended(\"id\"", "scale(\"rate\")", "\"score\" = 0")
                .contains("\"attributes\"::text COLLATE \"C\"");
    }
}

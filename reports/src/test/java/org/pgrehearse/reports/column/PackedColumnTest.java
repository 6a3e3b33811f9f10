package org.pgrehearse.reports.column;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

final class PackedColumnTest {
    private static final int MANY = 3 * 4096 + 17;

    @Test
    void any_number_comes_back_as_it_was_whatever_its_neighbours_differ_by() {
        for (int bits = 0; bits <= 64; bits++) {
            Random random = new Random(bits);
            long mask = bits == 0 ? 0 : -1L >>> (64 - bits);
            for (long base : new long[] {0, -1, 1L << 44, Long.MIN_VALUE, Long.MAX_VALUE}) {
                long[] expected =
                        random.longs(MANY).map(each -> base + (each & mask)).toArray();
                PackedColumn column = new PackedColumn();
                for (long each : expected) {
                    column.add(each);
                }
                for (int i = 0; i < MANY; i++) {
                    assertThat(column.get(i))
                            .as("bits %d, base %d, at %d", bits, base, i)
                            .isEqualTo(expected[i]);
                }
            }
        }
    }

    @Test
    void the_greatest_and_the_least_number_fit_into_one_chunk() {
        PackedColumn column = of(i -> i % 2 == 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
        for (int i = 0; i < MANY; i++) {
            assertThat(column.get(i)).isEqualTo(i % 2 == 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
        }
    }

    @Test
    void every_number_can_be_read_while_the_column_grows() {
        PackedColumn column = new PackedColumn();
        for (int i = 0; i < MANY; i++) {
            column.add(i * 1_000L);
            assertThat(column.size()).isEqualTo(i + 1);
            assertThat(column.get(i)).isEqualTo(i * 1_000L);
            assertThat(column.get(i / 2)).isEqualTo(i / 2 * 1_000L);
        }
    }

    @Test
    void equal_numbers_take_no_bytes_and_close_ones_few() {
        int complete = 3 * 4096;
        assertThat(of(i -> 42).packedBytes()).isZero();
        assertThat(of(i -> (1L << 60) + i).packedBytes()).isBetween(2L * complete, 2L * complete + 3 * 8);
        assertThat(of(i -> i * (Long.MAX_VALUE / MANY)).packedBytes()).isGreaterThanOrEqualTo(7L * complete);
    }

    private static PackedColumn of(LongUnaryOperator number) {
        PackedColumn column = new PackedColumn();
        for (int i = 0; i < MANY; i++) {
            column.add(number.applyAsLong(i));
        }
        return column;
    }
}

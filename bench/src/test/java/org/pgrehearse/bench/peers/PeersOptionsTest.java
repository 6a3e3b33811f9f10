package org.pgrehearse.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Options mean what the usage says, and wrong ones are refused together. */
final class PeersOptionsTest {
    @Test
    void without_options_everything_is_compared() throws Exception {
        assertThat(PeersOptions.parse(List.of("")))
                .isEqualTo(new PeersOptions(
                        2_000_000,
                        3,
                        Set.of(Shape.NARROW, Shape.MIXED, Shape.WIDE),
                        Set.of(KeyKind.BIGINT, KeyKind.UUID),
                        List.of(0L, 4L, 100_000L),
                        Path.of("bench/target/peers/result.md")));
    }

    @Test
    void each_option_is_heard_also_when_all_are_one_argument() throws Exception {
        assertThat(PeersOptions.parse(List.of("--quick --repetitions 5 --tables wide,mixed --keys uuid"
                        + " --differences 8,0,8 --out other.md")))
                .isEqualTo(new PeersOptions(
                        100_000,
                        5,
                        Set.of(Shape.MIXED, Shape.WIDE),
                        Set.of(KeyKind.UUID),
                        List.of(0L, 8L),
                        Path.of("other.md")));
        assertThat(PeersOptions.parse(List.of("--rows", "5000")).rows()).isEqualTo(5000);
    }

    @Test
    void a_wide_table_has_a_tenth_of_the_rows() throws Exception {
        assertThat(PeersOptions.parse(List.of("--rows", "5000", "--keys", "uuid"))
                        .tables())
                .containsExactly(
                        new TableUnderTest(Shape.NARROW, KeyKind.UUID, 5000),
                        new TableUnderTest(Shape.MIXED, KeyKind.UUID, 5000),
                        new TableUnderTest(Shape.WIDE, KeyKind.UUID, 500));
    }

    @Test
    void all_problems_are_told_at_once_with_the_usage() {
        assertThatThrownBy(() -> PeersOptions.parse(List.of(
                        "--rows",
                        "many",
                        "--repetitions",
                        "0",
                        "--tables",
                        "tall",
                        "--differences",
                        "3",
                        "--fast",
                        "--out")))
                .isInstanceOf(PeersOptions.InvalidOptionsException.class)
                .hasMessageContaining("Cannot use --rows many: not a number that it takes.")
                .hasMessageContaining("Cannot use --repetitions 0:")
                .hasMessageContaining("Cannot use --tables tall: there is no such choice.")
                .hasMessageContaining("Cannot use --differences 3:")
                .hasMessageContaining("Cannot use --fast: there is no such option.")
                .hasMessageContaining("Cannot use --out: its value is missing. Write --out VALUE.")
                .hasMessageEndingWith(PeersOptions.USAGE);
    }
}

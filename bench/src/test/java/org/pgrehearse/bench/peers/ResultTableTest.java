package org.pgrehearse.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The table has the right ratios, and shows what was wrong. */
final class ResultTableTest {
    private static final TableUnderTest TABLE = new TableUnderTest(Shape.MIXED, KeyKind.UUID, 2_000_000);
    private static final ExpectedDifferences FOUR = ExpectedDifferences.of(4);
    private static final Answer RIGHT = new Answer.Counted(FOUR);

    @Test
    void ratios_are_those_of_the_medians_to_the_cheaper_floor() {
        assertThat(render(
                        result("floor, serial", new Answer.Told(true), 5, 2, 4),
                        result("floor, parallel", new Answer.Told(true), 6, 3, 3.5),
                        result("ours", RIGHT, 10, 8, 5),
                        result("theirs", RIGHT, 16, 16, 16)))
                .contains("| mixed_uuid, 2,000,000 | 4 | floor, serial | 4.00 (2.00–5.00) | 1.14 | 0.50 |")
                .contains("| floor, parallel | 3.50 (3.00–6.00) | 1.00 | 0.44 |")
                .contains("| ours | 8.00 (5.00–10.00) | 2.29 | 1.00 |")
                .contains("| theirs | 16.00 (16.00–16.00) | 4.57 | 2.00 |");
    }

    @Test
    void processor_time_has_a_ratio_of_its_own_and_servers_count() {
        assertThat(render(result("floor", new Answer.Told(true), 1, 1, 1), result("ours", RIGHT, 1, 1, 1)))
                .contains("| floor | 1.00 (1.00–1.00) | 1.00 | 1.00 | 1.50 | 1.00 | differ | yes | 2 |");
    }

    @Test
    void a_wrong_answer_is_shown_and_no_base_for_ratios() {
        assertThat(render(
                        result("floor", new Answer.Told(false), 1, 1, 1),
                        result("ours", new Answer.Counted(ExpectedDifferences.of(0)), 2, 2, 2)))
                .contains("| floor | 1.00 (1.00–1.00) | ? | ? | 1.50 | ? | equal | NO |")
                .contains("| ours | 2.00 (2.00–2.00) | ? | ? | 1.50 | ? | 0 | NO |");
    }

    @Test
    void one_wrong_answer_among_right_ones_is_kept() {
        Tally tally = new Tally("theirs", FOUR);
        add(tally, RIGHT);
        add(tally, new Answer.Counted(ExpectedDifferences.of(8)));
        add(tally, RIGHT);
        assertThat(tally.result().orElseThrow().right()).isFalse();
        assertThat(tally.gaveNoAnswer()).isFalse();
    }

    @Test
    void a_tool_without_an_answer_is_not_run_again() {
        Tally tally = new Tally("theirs", FOUR);
        add(tally, new Answer.None("stopped at the deadline"));
        assertThat(tally.gaveNoAnswer()).isTrue();
        assertThat(tally.result().orElseThrow().answer().words()).isEqualTo("nothing: stopped at the deadline");
    }

    @Test
    void each_line_has_as_many_cells_as_the_head() {
        List<String> lines = render(
                        result("floor", new Answer.Told(true), 1, 1, 1),
                        result("ours", new Answer.None("it died"), 1, 1, 1))
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
        assertThat(lines)
                .hasSize(4)
                .allSatisfy(line -> assertThat(
                                line.chars().filter(letter -> letter == '|').count())
                        .isEqualTo(13));
    }

    private static String render(Tally.Result... results) {
        return ResultTable.render(List.of(new ResultTable.Round(TABLE, FOUR, List.of(results))), "ours");
    }

    private static Tally.Result result(String tool, Answer answer, double... seconds) {
        Tally tally = new Tally(tool, FOUR);
        for (double one : seconds) {
            Finished program = new Finished(0, "", "", Optional.of(new Usage(2048, 0.5)));
            tally.add(new Measurement(one, List.of(program)), OptionalDouble.of(1), answer, Optional.empty());
        }
        return tally.result().orElseThrow();
    }

    private static void add(Tally tally, Answer answer) {
        tally.add(new Measurement(1, List.of()), OptionalDouble.empty(), answer, Optional.empty());
    }
}

package org.pgrehearse.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What each tool prints is understood, and what it does not print is never taken for agreement. */
final class AnswersTest {
    private static final ExpectedDifferences FOUR = new ExpectedDifferences(1, 1, 2);
    private static final ExpectedDifferences NO_DIFFERENCES = new ExpectedDifferences(0, 0, 0);
    private static final Contender PGREHEARSE =
            new Pgrehearse("pgrehearse", Path.of("pgrehearse"), "exact", "", Path.of("no.log"));
    private static final Contender PG_COMPARATOR = new PgComparator(Path.of("pg_comparator"));
    private static final Contender RELADIFF = new Reladiff(Path.of("reladiff"));
    private static final Contender PSQL = new PsqlDigest("floor", Path.of("psql"), "", TableUnderTest::floorDigest);
    private static final String RELADIFF_STATISTICS = """
            500000 rows in table A
            500001 rows in table B
            1 rows exclusive to table A (not present in B)
            3 rows exclusive to table B (not present in A)
            2 rows updated
            499997 rows unchanged
            0.00% difference score
            """;

    @Test
    void pgrehearse_counts_in_its_json() {
        assertThat(PGREHEARSE.answer(ended(1, document(1, 1, 2)))).isEqualTo(new Answer.Counted(FOUR));
        assertThat(PGREHEARSE.answer(ended(0, document(0, 0, 0)))).isEqualTo(new Answer.Counted(NO_DIFFERENCES));
    }

    @Test
    void an_exit_code_that_contradicts_the_document_is_no_answer() {
        assertThat(PGREHEARSE.answer(ended(0, document(1, 1, 2))))
                .isEqualTo(new Answer.None("exit code 0 with 4 differences"));
        assertThat(PGREHEARSE.answer(ended(1, document(0, 0, 0))))
                .isEqualTo(new Answer.None("exit code 1 with 0 differences"));
    }

    @Test
    void an_inconclusive_comparison_is_no_answer() {
        assertThat(PGREHEARSE.answer(ended(2, document(0, 0, 0)))).isEqualTo(new Answer.None("exit code 2"));
    }

    @Test
    void a_comparison_of_no_table_is_no_answer() {
        assertThat(PGREHEARSE.answer(ended(0, "{\"tables\": []}")))
                .isEqualTo(new Answer.None("0 tables were compared"));
        assertThat(PGREHEARSE.answer(ended(0, ""))).isInstanceOf(Answer.None.class);
        assertThat(PGREHEARSE.answer(ended(0, "{\"tables\""))).isEqualTo(new Answer.None("what it printed is no JSON"));
    }

    @Test
    void pg_comparator_names_what_would_repair_the_target() {
        String output = "UPDATE 90000\nINSERT 5000\nDELETE 100001\nUPDATE 777\n";
        assertThat(PG_COMPARATOR.answer(ended(0, output))).isEqualTo(new Answer.Counted(FOUR));
        assertThat(PG_COMPARATOR.answer(ended(0, "INSERT a\nINSERT b\nDELETE c\nUPDATE d\n")))
                .isEqualTo(new Answer.Counted(new ExpectedDifferences(2, 1, 1)));
        assertThat(PG_COMPARATOR.answer(ended(0, ""))).isEqualTo(new Answer.Counted(NO_DIFFERENCES));
    }

    @Test
    void a_line_of_pg_comparator_that_is_no_difference_is_not_skipped() {
        assertThat(PG_COMPARATOR.answer(ended(0, "UPDATE 1\ntoo many differences\n")))
                .isEqualTo(new Answer.None("a line that is no difference: too many differences"));
    }

    @Test
    void reladiff_counts_by_kind() {
        assertThat(RELADIFF.answer(ended(0, RELADIFF_STATISTICS)))
                .isEqualTo(new Answer.Counted(new ExpectedDifferences(1, 3, 2)));
    }

    @Test
    void statistics_that_lack_a_line_are_no_answer() {
        assertThat(RELADIFF.answer(ended(0, RELADIFF_STATISTICS.replace("2 rows updated\n", ""))))
                .isEqualTo(new Answer.None("it printed no statistics"));
    }

    @Test
    void a_peer_that_failed_gave_no_answer_and_its_last_word_is_kept() {
        Finished failed = new Finished(255, "", "first\nextension | is missing\n\n", Optional.empty());
        assertThat(PG_COMPARATOR.answer(List.of(failed)))
                .isEqualTo(new Answer.None("exit code 255, extension / is missing"));
        assertThat(RELADIFF.answer(ended(Finished.GAVE_UP, RELADIFF_STATISTICS)))
                .isEqualTo(new Answer.None("stopped at the deadline"));
    }

    @Test
    void digests_of_both_servers_are_compared() {
        assertThat(PSQL.answer(both("2|-17\n", "2|-17\n"))).isEqualTo(new Answer.Told(false));
        assertThat(PSQL.answer(both("2|-17\n", "2|17\n"))).isEqualTo(new Answer.Told(true));
        assertThat(PSQL.answer(both("2|-17\n", "3|-17\n"))).isEqualTo(new Answer.Told(true));
    }

    @Test
    void two_servers_that_say_nothing_do_not_agree() {
        assertThat(PSQL.answer(both("", ""))).isEqualTo(new Answer.None("psql printed no digest"));
        assertThat(PSQL.answer(both("0|\n", "0|\n"))).isEqualTo(new Answer.None("psql printed no digest"));
    }

    @Test
    void an_answer_is_right_only_when_each_kind_is() {
        assertThat(new Answer.Counted(FOUR).isRight(FOUR)).isTrue();
        assertThat(new Answer.Counted(new ExpectedDifferences(2, 0, 2)).isRight(FOUR))
                .isFalse();
        assertThat(new Answer.Told(true).isRight(FOUR)).isTrue();
        assertThat(new Answer.Told(false).isRight(FOUR)).isFalse();
        assertThat(new Answer.Told(true).isRight(NO_DIFFERENCES)).isFalse();
        assertThat(new Answer.None("it died").isRight(NO_DIFFERENCES)).isFalse();
    }

    private static List<Finished> ended(int exitCode, String output) {
        return List.of(new Finished(exitCode, output, "", Optional.empty()));
    }

    private static List<Finished> both(String source, String target) {
        return List.of(new Finished(0, source, "", Optional.empty()), new Finished(0, target, "", Optional.empty()));
    }

    private static String document(int missing, int unexpected, int changed) {
        return "{\"tables\": [{\"missing\": %d, \"unexpected\": %d, \"changed\": %d}]}"
                .formatted(missing, unexpected, changed);
    }
}

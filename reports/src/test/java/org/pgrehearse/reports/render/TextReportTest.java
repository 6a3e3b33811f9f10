package org.pgrehearse.reports.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.testkit.JournalBuilder;
import org.pgrehearse.reports.testkit.Verifications;
import org.pgrehearse.reports.testkit.WholeRun;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

final class TextReportTest {
    @Test
    void verify_says_what_differs_in_aligned_columns() {
        assertThat(new TextReport().of(Verifications.everything("two\nlines"))).isEqualTo("""
                        divergent: 4 rows differ, 1 sequence at fault, 1 catalogue object at fault \
                        (3 tables, 2 sequences, 2,000,015 rows on the source, 5.20 s)
                          source  postgresql://127.0.0.1:5432/app  (PostgreSQL 15.14)
                          target  postgresql://127.0.0.1:5433/app  (PostgreSQL 17.10)

                        table                                 verdict       source rows  target rows\
                          missing  unexpected  changed
                        public.orders                         divergent       2,000,000    2,000,001\
                                1           2        1
                        public.orders                         inconclusive           10           10\
                                0           0        0
                        public.customers → archive.customers  consistent              5            5\
                                0           0        0

                        public.orders: excluded secret: Excluded by --ignore-column.

                        public.orders
                          changed     id=777           amount: 111.00 → 112.00, note: 'two\\nlines' → NULL
                          missing     id=1999000
                          unexpected  id='two\\nlines'
                          unexpected  note=NULL        1 on the source, 2 on the target
                          … 4 differences listed of 4
                          changed columns: amount in 1

                        public.orders was not compared
                          permission denied (42501)

                        sequence              verdict     kind         source last  target last  target max
                        public.orders_id_seq  divergent   behind-data    2,000,000            1   2,000,000
                        public.orders_id_seq  consistent  ok             2,000,000    2,000,000   2,000,000
                          public.orders_id_seq: the next value 2 exists already; cache 1 → 10

                        object                        kind        severity  source\
                                                                                    target
                        index public.orders_ref_idx   missing     error   \
                          CREATE INDEX orders_ref_idx ON public.orders (ref) -- two\\nlines  -
                        extension pg_stat_statements  unexpected  warning   -\
                                                                                         1.10

                        not compared
                          large objects  no side was asked for them
                        """);
    }

    @Test
    void verify_says_that_there_was_nothing_to_compare() {
        Verification one = Verifications.of(Verdict.CONSISTENT, Verdict.CONSISTENT);
        Verification none = new Verification(
                one.source(), one.target(), one.startedAt(), one.elapsed(), List.of(), List.of(), List.of(), List.of());
        assertThat(new TextReport().of(none))
                .startsWith("inconclusive: neither side holds a table to compare, and nothing compared is nothing");
    }

    @Test
    void verify_says_that_nothing_differs() {
        assertThat(new TextReport().of(Verifications.of(Verdict.CONSISTENT, Verdict.CONSISTENT)))
                .startsWith("consistent: nothing differs (1 table, 1 sequence, 10 rows on the source, 5.20 s)\n");
        assertThat(new TextReport().of(Verifications.of(Verdict.INCONCLUSIVE, Verdict.CONSISTENT)))
                .startsWith("inconclusive: not everything could be compared");
    }

    @Test
    void run_says_verdict_expectations_numbers_and_reasons() {
        String text = new TextReport().of(Judge.judge(WholeRun.failing()));
        assertThat(text)
                .startsWith("failed: logical-cutover (seed 42)\n  Expected lost-writes = 0, observed 16 (and 5 more")
                .contains("  ✗  lost-writes        = 0           16\n")
                .contains("  ✓  duplicated-writes  = 0           0\n")
                .contains("  write downtime  1.98 s in 2 windows, longest 1.38 s (± 10 ms an edge;")
                .contains("\nfindings\n  error: 16 acknowledged writes lost\n")
                .doesNotContain("\u0000", "\u202e");
        assertThat(new TextReport().of(Judge.judge(WholeRun.passing())))
                .startsWith("passed: logical-cutover (seed 42)\n  All 7 expectations held.\n")
                .doesNotContain("what else");
        assertThat(new TextReport().of(new JournalBuilder("lost-writes = 0").judged()))
                .contains("  ?  lost-writes  = 0  0 seen  no write was recorded\n");
        assertThat(new TextReport().of(new JournalBuilder().judged()))
                .contains("keeps it from passing\n  ? The scenario expects nothing, so nothing can be proven.\n");
    }

    @Test
    void values_are_told_apart_and_stay_on_their_line() {
        assertThat(Values.text(null)).isEqualTo("NULL");
        assertThat(Values.text("NULL")).isEqualTo("'NULL'");
        assertThat(Values.text("")).isEqualTo("''");
        assertThat(Values.text(" ")).isEqualTo("' '");
        assertThat(Values.text("a\tb\r\n\u001b[31m")).isEqualTo("'a\\tb\\r\\n\\u{1b}[31m'");
        assertThat(Values.text("1.00")).isEqualTo("1.00");
        assertThat(Values.oneLine("x".repeat(500))).isEqualTo("x".repeat(200) + "… (500 characters)");
        assertThat(Values.oneLine("x".repeat(199) + "😀😀")).isEqualTo("x".repeat(199) + "… (203 characters)");
    }

    @Test
    void the_version_in_reports_is_the_version_of_the_build() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<artifactId>pgrehearse</artifactId>\n    <version>" + Product.VERSION + "</version>");
    }
}

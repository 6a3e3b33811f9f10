package org.pgrehearse.reports.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.testkit.Verifications;
import org.pgrehearse.reports.testkit.WholeRun;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

final class MarkdownReportTest {
    @Test
    void the_summary_begins_with_the_verdict_and_the_reason() {
        assertThat(new MarkdownReport().of(Judge.judge(WholeRun.failing())))
                .startsWith(
                        "## ✗ logical-cutover: failed\n\nExpected lost-writes = 0, observed 16 (and 5 more reasons).")
                .contains("| ✗ | <code>lost-writes = 0</code> | 16 |")
                .contains("- **Write downtime**: 1.98 s in 2 windows, longest 1.38 s")
                .contains("### Why")
                .contains("lost, first: token 5222");
        assertThat(new MarkdownReport().of(Judge.judge(WholeRun.passing())))
                .startsWith("## ✓ logical-cutover: passed")
                .doesNotContain("### Why");
    }

    @Test
    void no_value_becomes_markup() {
        String nasty = "|`*_[x](http://example.org)<b>@team\n# big";
        String text = new MarkdownReport().of(Verifications.everything(nasty));
        assertThat(text).doesNotContain("<b>", "@team", "[x]", "\n# big", "|`");
        assertThat(text).contains("&#124;&#96;&#42;&#95;&#91;x](http://example.org)&lt;b&gt;&#64;team&#92;n# big");
    }

    @Test
    void a_summary_never_outgrows_its_place() {
        String wide = "x".repeat(900);
        List<RowDifference> differences = IntStream.range(0, 30)
                .<RowDifference>mapToObj(i -> new RowDifference.Changed(
                        List.of(new RowDifference.Cell("id", wide + i)),
                        IntStream.range(0, 20)
                                .mapToObj(c -> new RowDifference.ColumnChange("c" + c, "é" + wide, wide))
                                .toList()))
                .toList();
        Verification.Endpoint endpoint = new Verification.Endpoint("postgresql://127.0.0.1:1/app", "15.14");
        Verification huge = new Verification(
                endpoint,
                endpoint,
                Instant.EPOCH,
                Duration.ZERO,
                IntStream.range(0, 3000)
                        .mapToObj(i -> new TableComparison(
                                "public.t" + i,
                                "public.t" + i,
                                Verdict.DIVERGENT,
                                "exact",
                                "key-range",
                                30,
                                30,
                                0,
                                0,
                                30,
                                false,
                                differences,
                                null))
                        .toList(),
                List.of(),
                List.of(),
                List.of());
        String text = new MarkdownReport().of(huge);
        assertThat(text.getBytes(UTF_8).length).isBetween(100_000, MarkdownReport.BYTES_MAX);
        assertThat(text).endsWith("… cut here; report.html and report.json hold everything.\n");
    }
}

package org.pgrehearse.reports.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.testkit.JournalBuilder;
import org.pgrehearse.reports.testkit.Verifications;
import org.pgrehearse.reports.testkit.WholeRun;
import org.pgrehearse.verifier.Verdict;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class HtmlReportTest {
    private static final String NASTY =
            "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\u0000\u202e";

    @Test
    void the_verdict_reads_without_a_script() {
        String body = withoutScripts(new HtmlReport().of(Judge.judge(WholeRun.failing())));
        assertThat(body).contains("<span class=\"verdict\">failed</span>");
        assertThat(body).contains("Expected lost-writes = 0, observed 16 (and 5 more reasons).");
        assertThat(body).contains("<code>lost-writes = 0</code>").contains("✗").contains("✓");
        assertThat(body).contains("pgrehearse run scenario.yaml --seed 42");
        assertThat(withoutScripts(new HtmlReport().of(Judge.judge(WholeRun.passing()))))
                .contains("<span class=\"verdict\">passed</span>")
                .contains("All 7 expectations held.");
        assertThat(withoutScripts(new HtmlReport().of(Judge.judge(List.of()))))
                .contains("<span class=\"verdict\">inconclusive</span>");
    }

    @Test
    void no_text_becomes_markup() {
        String run = new HtmlReport()
                .of(new JournalBuilder("lost-writes = 0", NASTY)
                        .write(1, Side.SOURCE)
                        .ledgersRead()
                        .event(new Event.PhaseStarted(1, NASTY))
                        .event(new Event.StepStarted(2, NASTY, NASTY))
                        .event(new Event.StepEnded(3, NASTY, Event.StepResult.FAILED, NASTY))
                        .event(new Event.FaultAsked(4, NASTY, NASTY, NASTY, NASTY))
                        .event(new Event.Sample(5, NASTY, 1))
                        .event(new Event.Remark(6, NASTY))
                        .event(new Event.Trouble(7, NASTY, NASTY))
                        .event(new Event.EnvironmentFact(8, NASTY, NASTY))
                        .verified(Verifications.everything(NASTY))
                        .judged());
        assertHarmless(run);
        assertHarmless(new HtmlReport().of(Verifications.everything(NASTY)));
    }

    @Test
    void control_characters_are_shown_and_not_sent() {
        String page = new HtmlReport().of(Verifications.everything("a\u0000b\u202ec\u2028d"));
        assertThat(page).contains("a\\u{0}b\\u{202e}c\\u{2028}d").doesNotContain("\u0000", "\u202e", "\u2028");
    }

    @Test
    void the_page_asks_nobody_for_anything() {
        String page = new HtmlReport().of(Judge.judge(WholeRun.failing()));
        assertThat(page)
                .contains("default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:");
        assertThat(withoutScripts(page))
                .doesNotContain("<link", "src=", "@import", "url(", "http:", "https:")
                .contains("<html lang=\"en\">");
    }

    @Test
    void the_curves_are_readable_and_bounded() {
        String page = new HtmlReport().of(Judge.judge(WholeRun.failing()));
        JsonNode curves = curves(page);
        assertThat(curves.propertyNames())
                .containsExactly("end", "phases", "faults", "downtime", "buckets", "monitors", "dots");
        assertThat(curves.get("dots").size()).isBetween(1, 20_000);
        assertThat(curves.get("downtime").get(0).get(0).asString()).isEqualTo("no writes 1.38 s");
        assertThat(page.getBytes(UTF_8).length).isLessThan(2_000_000);
    }

    @Test
    void a_page_without_curves_carries_no_script() {
        assertThat(new HtmlReport().of(Verifications.of(Verdict.CONSISTENT, Verdict.CONSISTENT)))
                .doesNotContain("<script")
                .contains("<span class=\"verdict\">consistent</span>");
    }

    @Test
    void the_chart_library_is_the_published_one() throws IOException, NoSuchAlgorithmException {
        List<String> sums = resource("SHA256SUMS").lines().toList();
        assertThat(sums).hasSize(3);
        for (String sum : sums) {
            String[] parts = sum.split(" +", 2);
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(resource(parts[1]).getBytes(UTF_8));
            assertThat(HexFormat.of().formatHex(digest)).as(parts[1]).isEqualTo(parts[0]);
        }
        assertThat(sums.get(1)).startsWith("19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f");
        assertThat(resource("LICENSE")).startsWith("The MIT License");
    }

    private static void assertHarmless(String page) {
        assertThat(withoutScripts(page)).doesNotContain("<script", "<img", "alert(1)</", "\u0000", "\u202e");
        assertThat(page.split("<script", -1).length).isLessThanOrEqualTo(4);
        if (page.contains("curves-data")) {
            assertThat(curves(page).get("phases").get(0).get(0).asString()).isEqualTo(NASTY);
        }
    }

    private static String withoutScripts(String page) {
        return Pattern.compile("<(script|style).*?</\\1>", Pattern.DOTALL)
                .matcher(page)
                .replaceAll("");
    }

    private static JsonNode curves(String page) {
        Matcher data = Pattern.compile("id=\"curves-data\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertThat(data.find()).isTrue();
        return JsonMapper.builder().build().readTree(data.group(1));
    }

    private static String resource(String name) throws IOException {
        try (InputStream bytes =
                Objects.requireNonNull(HtmlReportTest.class.getResourceAsStream("/vendor/uplot/1.6.32/" + name))) {
            return new String(bytes.readAllBytes(), UTF_8);
        }
    }
}

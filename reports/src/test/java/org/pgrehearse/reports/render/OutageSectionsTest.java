package org.pgrehearse.reports.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;

import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.reports.testkit.JournalBuilder;
import org.pgrehearse.reports.testkit.WholeRun;

final class OutageSectionsTest {
    private static final String STOOD_STILL = "The load generator itself stood still";

    @Test
    void a_pause_of_the_load_generator_has_its_own_section_and_a_run_without_one_has_none() {
        Judgement planted = late(600);
        assertThat(new HtmlReport().of(planted)).contains(STOOD_STILL, "600 ms late");
        assertThat(new MarkdownReport().of(planted)).contains("from 0.500 s to 0.500 s, up to 600 ms");
        Judgement clean = late(1);
        assertThat(new HtmlReport().of(clean)).doesNotContain(STOOD_STILL);
        assertThat(new MarkdownReport().of(clean))
                .contains("generator stood still")
                .doesNotContain("up to 600 ms");
    }

    @Test
    void every_class_of_service_and_every_phase_of_the_longest_window_is_in_both_reports() {
        Judgement judgement = Judge.judge(WholeRun.failing());
        for (String text : new String[] {new HtmlReport().of(judgement), new MarkdownReport().of(judgement)}) {
            assertThat(text)
                    .contains(
                            "writes, fresh connections",
                            "writes, pooled connections",
                            "reads, any side",
                            "connecting",
                            "longest window without writes");
        }
        assertThat(judgement.outages().phases()).isNotEmpty();
        judgement
                .outages()
                .phases()
                .forEach(slice -> assertThat(new MarkdownReport().of(judgement))
                        .contains("| " + Markdown.text(slice.name()) + " |"));
    }

    @Test
    void a_run_without_a_sentinel_has_no_table_of_classes() {
        Judgement judgement =
                new JournalBuilder().write(1, Side.SOURCE).ledgersRead().judged();
        assertThat(new MarkdownReport().of(judgement)).doesNotContain("| class |");
    }

    /** Probes every 10 ms for a second, of which the one in the middle was started late by so much. */
    private static Judgement late(double millis) {
        JournalBuilder journal = new JournalBuilder("write-downtime < 2s").sentinel(0, 1_000);
        for (int i = 1; i <= 100; i++) {
            double intended = (i - 1) * 10;
            double started = intended + (i == 51 ? millis : 0);
            journal.event(new Event.Probe(
                    ms(started + 2),
                    true,
                    i % 2 == 0,
                    i,
                    ms(intended),
                    ms(started),
                    ms(started + 2),
                    Outcome.ACKNOWLEDGED,
                    Side.SOURCE,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null));
            journal.row(Side.SOURCE, i, Side.SOURCE);
        }
        return journal.ledgerRead(Side.SOURCE, true).judged();
    }
}

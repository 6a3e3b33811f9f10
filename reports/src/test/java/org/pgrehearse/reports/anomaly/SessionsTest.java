package org.pgrehearse.reports.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.JournalBuilder.ms;
import static org.pgrehearse.reports.testkit.TransactionBuilder.append;
import static org.pgrehearse.reports.testkit.TransactionBuilder.list;
import static org.pgrehearse.reports.testkit.TransactionBuilder.register;
import static org.pgrehearse.reports.testkit.TransactionBuilder.write;

import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.testkit.TransactionBuilder;

/** Transactions one after the other, 5 ms each, one every 10 ms from 10 ms on. */
final class SessionsTest {
    @Test
    void a_read_that_began_after_an_acknowledgement_and_misses_it_is_stale_by_that_long() {
        Anomalies found = history()
                .ok(write(1, 11, 1L))
                .ok(write(1, 12, 2L))
                .ok(register(1, 12L, 2))
                .ok(register(1, 11L, 1))
                .judged();
        assertThat(found.found()).singleElement().satisfies(each -> {
            assertThat(each.anomaly()).isEqualTo(Anomaly.STALE_READ);
            assertThat(each.count()).isEqualTo(1);
            assertThat(each.cases().getFirst().text())
                    .contains("read version 1 of register 1")
                    .contains("acknowledged at 0.025 s, 15.0 ms before it began");
        });
        assertThat(found.greatestStalenessNanos()).isEqualTo(ms(15));
    }

    @Test
    void a_read_that_began_before_the_acknowledgement_may_miss_it() {
        Anomalies found = history()
                .lasting(100)
                .ok(write(1, 11, 1L))
                .ok(register(1, null, 0))
                .judged();
        assertThat(found.found()).isEmpty();
        assertThat(found.greatestStalenessNanos()).isZero();
    }

    @Test
    void an_acknowledged_append_that_no_read_ever_saw_makes_later_reads_stale() {
        Anomalies found =
                history().ok(append(1, 11)).ok(append(1, 12)).ok(list(1, 12L)).judged();
        assertThat(found.forbidden(Anomaly.STALE_READ)).isEqualTo(1);
        assertThat(found.found().getFirst().cases().getFirst().text()).contains("no read of the run ever saw");
    }

    @Test
    void a_session_that_does_not_see_its_own_write_is_told() {
        Anomalies found =
                history().by(1, write(1, 11, 1L)).by(1, register(1, null, 0)).judged();
        assertThat(found.forbidden(Anomaly.READ_YOUR_WRITES)).isEqualTo(1);
        assertThat(found.sessionViolations()).isEqualTo(1);
        Anomalies lists = history().by(1, append(1, 11)).by(1, list(1)).judged();
        assertThat(lists.forbidden(Anomaly.READ_YOUR_WRITES)).isEqualTo(1);
        Anomalies others =
                history().by(1, write(1, 11, 1L)).by(2, register(1, null, 0)).judged();
        assertThat(others.sessionViolations()).isZero();
        assertThat(others.forbidden(Anomaly.STALE_READ)).isEqualTo(1);
    }

    @Test
    void a_version_that_goes_back_under_a_session_is_told() {
        Anomalies found = history()
                .by(7, write(1, 11, 1L))
                .by(1, register(1, 11L, 1))
                .by(1, register(1, null, 0))
                .judged();
        assertThat(found.forbidden(Anomaly.MONOTONIC_READS)).isEqualTo(1);
        Anomalies twin = history()
                .by(1, register(1, null, 0))
                .by(7, write(1, 11, 1L))
                .by(1, register(1, 11L, 1))
                .judged();
        assertThat(twin.found()).isEmpty();
    }

    @Test
    void writes_of_one_session_in_the_wrong_order_are_told() {
        Anomalies found =
                history().by(1, write(1, 11, 2L)).by(1, write(1, 12, 1L)).judged();
        assertThat(found.forbidden(Anomaly.MONOTONIC_WRITES)).isEqualTo(1);
        assertThat(history()
                        .by(1, write(1, 11, 1L))
                        .by(1, write(1, 12, 2L))
                        .judged()
                        .found())
                .isEmpty();
    }

    @Test
    void a_write_that_precedes_what_its_session_had_read_is_told() {
        Anomalies found = history()
                .by(7, write(1, 11, 2L))
                .by(1, register(1, 11L, 2))
                .by(1, write(1, 12, 1L))
                .judged();
        assertThat(found.forbidden(Anomaly.WRITES_FOLLOW_READS)).isEqualTo(1);
        assertThat(found.sessionViolations()).isEqualTo(1);
    }

    @Test
    void transactions_of_one_process_that_overlap_are_no_session() {
        Anomalies found = history()
                .lasting(100)
                .by(1, write(1, 11, 2L))
                .by(1, write(1, 12, 1L))
                .judged();
        assertThat(found.sessionViolations()).isZero();
    }

    private static TransactionBuilder history() {
        return new TransactionBuilder(Isolation.READ_COMMITTED);
    }
}

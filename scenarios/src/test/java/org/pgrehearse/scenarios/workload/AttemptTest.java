package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Outcome;

final class AttemptTest {
    private final Attempt attempt = new Attempt(1, 2, 3);

    @Test
    void what_is_given_up_before_its_commit_failed_and_may_not_commit_any_more() {
        assertThat(attempt.giveUp()).isEqualTo(Outcome.FAILED);
        assertThat(attempt.handOver()).isFalse();
        assertThat(attempt.settle()).isFalse();
    }

    @Test
    void what_is_given_up_after_its_commit_was_sent_is_unknown() {
        assertThat(attempt.handOver()).isTrue();
        assertThat(attempt.giveUp()).isEqualTo(Outcome.UNKNOWN);
        assertThat(attempt.settle()).isFalse();
    }

    @Test
    void what_was_settled_cannot_be_given_up() {
        assertThat(attempt.handOver()).isTrue();
        assertThat(attempt.settle()).isTrue();
        assertThat(attempt.giveUp()).isNull();
        assertThat(attempt.settled()).isTrue();
    }

    @Test
    void it_is_settled_once_however_many_try() {
        AtomicInteger settled = new AtomicInteger();
        IntStream.range(0, 1_000).parallel().forEach(i -> {
            if (i % 2 == 0 ? attempt.settle() : attempt.giveUp() != null) {
                settled.incrementAndGet();
            }
        });

        assertThat(settled).hasValue(1);
    }

    @Test
    void one_that_never_started_started_when_it_ended() {
        assertThat(attempt.startedNanos(99)).isEqualTo(99);
        attempt.started(5);
        assertThat(attempt.startedNanos(99)).isEqualTo(5);
    }
}

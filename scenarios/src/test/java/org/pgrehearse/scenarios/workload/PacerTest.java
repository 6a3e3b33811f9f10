package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;

final class PacerTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final MemoryRecorder journal = new MemoryRecorder();
    private final Troubles troubles = new Troubles("test", journal);
    private final List<Long> intended = new CopyOnWriteArrayList<>();
    private final List<Long> handedOver = new CopyOnWriteArrayList<>();

    @Test
    void nothing_is_handed_over_early() throws InterruptedException {
        Arrivals arrivals = Arrivals.every(Duration.ofMillis(2), journal.nowNanos() + 5_000_000);
        Pacer pacer = Pacer.start("test", arrivals, journal::nowNanos, this::note, troubles);
        awaitArrivals(20);
        long count = pacer.stop(LONG);

        assertThat(intended).hasSize((int) count);
        for (int i = 0; i < count; i++) {
            assertThat(intended.get(i)).isEqualTo(arrivals.at(i));
            assertThat(handedOver.get(i)).isGreaterThanOrEqualTo(intended.get(i));
        }
        assertThat(pacer.nextIntendedNanos()).isEqualTo(arrivals.at(count));
    }

    @Test
    void what_fell_due_during_a_stall_is_handed_over_with_its_true_time() throws InterruptedException {
        Arrivals arrivals = Arrivals.every(Duration.ofMillis(1), journal.nowNanos());
        CountDownLatch stall = new CountDownLatch(1);
        Pacer pacer = Pacer.start(
                "test",
                arrivals,
                journal::nowNanos,
                (index, nanos) -> {
                    note(index, nanos);
                    if (index == 3) {
                        awaitQuietly(stall);
                    }
                },
                troubles);
        awaitArrivals(4);
        long stalledNanos = journal.nowNanos();
        await().dontCatchUncaughtExceptions().atMost(LONG).until(() -> journal.nowNanos() > stalledNanos + 100_000_000);
        assertThat(intended).hasSize(4);
        long resumedNanos = journal.nowNanos();
        stall.countDown();
        awaitArrivals(150);
        pacer.stop(LONG);

        for (int i = 0; i < intended.size(); i++) {
            assertThat(intended.get(i)).isEqualTo(arrivals.at(i));
        }
        assertThat(intended.stream().filter(each -> each > stalledNanos && each < resumedNanos))
                .hasSizeGreaterThan(90);
    }

    @Test
    void a_pacer_that_dies_is_trouble() throws InterruptedException {
        Pacer pacer = Pacer.start(
                "test",
                Arrivals.every(Duration.ofMillis(1), 0),
                journal::nowNanos,
                (index, nanos) -> {
                    throw new IllegalStateException("planted");
                },
                troubles);
        await().dontCatchUncaughtExceptions()
                .atMost(LONG)
                .until(() -> !journal.events(Event.Trouble.class).isEmpty());

        assertThat(pacer.stop(LONG)).isZero();
        assertThat(journal.events(Event.Trouble.class).getFirst().message()).contains("planted");
    }

    private void note(long index, long nanos) {
        handedOver.add(journal.nowNanos());
        intended.add(nanos);
    }

    private void awaitArrivals(int count) {
        await().dontCatchUncaughtExceptions()
                .pollInterval(Duration.ofMillis(1))
                .atMost(LONG)
                .until(() -> intended.size() >= count);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package org.pgrehearse.reports.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.LockWait;
import org.pgrehearse.reports.journal.Side;

final class LockBookTest {
    private static final long SECOND = 1_000_000_000L;

    private final LockBook book = new LockBook();

    private static LockWait wait(int pid, String statement, double seconds, int blocker, String blockerStatement) {
        return new LockWait(
                pid,
                "app-" + pid,
                statement,
                "mode-" + pid,
                "orders",
                seconds,
                blocker,
                "app-" + blocker,
                "state-" + blocker,
                blockerStatement);
    }

    private void look(long seconds, LockWait... waits) {
        book.add(new Event.LockWaits(seconds * SECOND, Side.TARGET, List.of(waits)));
    }

    @Test
    void a_queue_behind_a_queue_is_one_behind_the_session_that_holds_the_lock() {
        look(10, wait(2, "ALTER", 0.5, 1, "SELECT"));
        look(
                11,
                wait(2, "ALTER", 1.5, 1, "SELECT"),
                wait(3, "UPDATE", 0.25, 2, "ALTER"),
                wait(4, "SELECT", 0.1, 2, "ALTER"));
        look(12, wait(3, "UPDATE", 1.25, 4, "SELECT"));
        look(13);
        assertThat(book.queues().count()).isEqualTo(2);
        assertThat(book.queues().longestNanos()).isEqualTo(SECOND * 3 / 2);
        LockQueue first = book.queues().longest().getFirst();
        assertThat(first)
                .isEqualTo(new LockQueue(
                        Side.TARGET,
                        9 * SECOND + SECOND / 2,
                        12 * SECOND,
                        "app-1",
                        "state-1",
                        "SELECT",
                        "app-2",
                        "ALTER",
                        "mode-2",
                        "orders",
                        3,
                        SECOND * 3 / 2));
        assertThat(book.queues().longest().getLast().endNanos()).isEqualTo(13 * SECOND);
    }

    @Test
    void a_queue_that_nobody_saw_end_ends_when_it_was_last_seen() {
        look(5, wait(2, "ALTER", 1, 1, "SELECT"));
        look(6, wait(2, "ALTER", 2, 1, "SELECT"));
        assertThat(book.queues().longest()).singleElement().satisfies(queue -> {
            assertThat(queue.startNanos()).isEqualTo(4 * SECOND);
            assertThat(queue.endNanos()).isEqualTo(6 * SECOND);
        });
    }

    @Test
    void sessions_that_wait_for_each_other_are_a_queue_too() {
        look(5, wait(2, "A", 1, 3, "B"), wait(3, "B", 1.5, 2, "A"));
        look(6);
        assertThat(book.queues().longest())
                .singleElement()
                .satisfies(queue -> assertThat(queue.sessionsMax()).isEqualTo(2));
    }

    @Test
    void nobody_waiting_is_no_queue() {
        look(5);
        assertThat(book.queues().count()).isZero();
        assertThat(book.queues().longest()).isEmpty();
    }

    @Test
    void all_are_counted_and_the_longest_kept() {
        for (int i = 1; i <= 1_000; i++) {
            look(2L * i, wait(2, "A", i, 1, "B"));
            look(2L * i + 1);
        }
        assertThat(book.queues().count()).isEqualTo(1_000);
        assertThat(book.queues().longest())
                .hasSize(200)
                .allSatisfy(queue -> assertThat(queue.longestNanos()).isGreaterThan(800 * SECOND));
    }
}

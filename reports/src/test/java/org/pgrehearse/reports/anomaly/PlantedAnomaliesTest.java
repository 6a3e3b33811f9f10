package org.pgrehearse.reports.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.reports.testkit.TransactionBuilder.append;
import static org.pgrehearse.reports.testkit.TransactionBuilder.list;
import static org.pgrehearse.reports.testkit.TransactionBuilder.register;
import static org.pgrehearse.reports.testkit.TransactionBuilder.write;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.testkit.TransactionBuilder;

/** Every anomaly in the smallest history that has it; the twin history without it has none. */
final class PlantedAnomaliesTest {
    private static final double OVERLAPPING = 10_000;

    @Test
    void overwrites_in_a_circle_are_g0() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .ok(append(1, 11), append(2, 21))
                .ok(append(1, 12), append(2, 22))
                .ok(list(1, 11L, 12L), list(2, 22L, 21L))
                .judged();
        assertThat(forbidden(found)).contains(Anomaly.G0);
        assertThat(text(found, Anomaly.G0))
                .contains("(ww)")
                .contains("T1 (process")
                .contains("T2 (process");
        Anomalies twin = overlapping(Isolation.READ_COMMITTED)
                .ok(append(1, 11), append(2, 21))
                .ok(append(1, 12), append(2, 22))
                .ok(list(1, 11L, 12L), list(2, 21L, 22L))
                .judged();
        assertThat(twin.found()).isEmpty();
    }

    @Test
    void a_read_of_a_failed_append_is_g1a_and_one_of_an_unknown_append_is_not() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .failed(append(1, 11))
                .ok(append(1, 12))
                .ok(list(1, 11L, 12L))
                .judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.G1A);
        assertThat(text(found, Anomaly.G1A)).contains("value 11 of T1").contains("which failed");
        Anomalies twin = overlapping(Isolation.READ_COMMITTED)
                .unknown(append(1, 11))
                .ok(append(1, 12))
                .ok(list(1, 11L, 12L))
                .judged();
        assertThat(twin.found()).isEmpty();
        assertThat(twin.committed()).isEqualTo(3);
    }

    @Test
    void an_unknown_append_that_nobody_read_takes_no_part() {
        Anomalies found = overlapping(Isolation.SERIALIZABLE)
                .unknown(append(1, 11), append(2, 21))
                .ok(list(1), append(2, 22))
                .ok(list(2, 22L))
                .judged();
        assertThat(found.found()).isEmpty();
        assertThat(found.committed()).isEqualTo(2);
    }

    @Test
    void a_failed_register_write_that_is_read_is_g1a() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .failed(write(1, 11, 1L))
                .ok(register(1, 11L, 1))
                .judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.G1A);
    }

    @Test
    void a_read_between_two_appends_of_one_transaction_is_g1b() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .ok(append(1, 11), append(1, 12))
                .ok(list(1, 11L))
                .ok(list(1, 11L, 12L))
                .judged();
        assertThat(forbidden(found)).contains(Anomaly.G1B);
        assertThat(text(found, Anomaly.G1B)).contains("T2 (process").contains("up to value 11 of T1");
        Anomalies register = overlapping(Isolation.READ_COMMITTED)
                .ok(write(1, 11, 1L), write(1, 12, 2L))
                .ok(register(1, 11L, 1))
                .judged();
        assertThat(forbidden(register)).contains(Anomaly.G1B);
    }

    @Test
    void two_transactions_that_read_each_other_are_g1c() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .ok(append(1, 11), list(2, 21L))
                .ok(append(2, 21), list(1, 11L))
                .judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.G1C);
        assertThat(text(found, Anomaly.G1C)).contains("(wr)").contains("last before the first");
    }

    @Test
    void half_of_a_transaction_seen_is_g_single_which_read_committed_allows() {
        for (Isolation level : Isolation.values()) {
            Anomalies found = overlapping(level)
                    .ok(append(1, 11), append(2, 21))
                    .ok(list(1, 11L), list(2))
                    .ok(list(2, 21L))
                    .judged();
            assertThat(found.found()).singleElement().satisfies(each -> {
                assertThat(each.anomaly()).isEqualTo(Anomaly.G_SINGLE);
                assertThat(each.forbidden()).isEqualTo(level != Isolation.READ_COMMITTED);
            });
        }
    }

    @Test
    void a_fuzzy_read_of_one_key_is_g_single() {
        Anomalies found = overlapping(Isolation.REPEATABLE_READ)
                .ok(append(1, 11))
                .ok(list(1), list(1, 11L))
                .judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.G_SINGLE);
    }

    @Test
    void two_updates_of_the_same_version_are_a_lost_update() {
        for (Isolation level : Isolation.values()) {
            Anomalies found = overlapping(level)
                    .ok(register(1, null, 0), write(1, 11, 1L))
                    .ok(register(1, null, 0), write(1, 12, 2L))
                    .judged();
            assertThat(found.found()).singleElement().satisfies(each -> {
                assertThat(each.anomaly()).isEqualTo(Anomaly.LOST_UPDATE);
                assertThat(each.forbidden()).isEqualTo(level != Isolation.READ_COMMITTED);
                assertThat(each.cases().getFirst().text())
                        .contains("without value 11")
                        .contains("value 12 over it");
            });
        }
    }

    @Test
    void write_skew_is_g2_item_which_only_serializable_excludes() {
        for (Isolation level : Isolation.values()) {
            Anomalies found = overlapping(level)
                    .ok(list(1), append(2, 21))
                    .ok(list(2), append(1, 11))
                    .judged();
            assertThat(found.found()).singleElement().satisfies(each -> {
                assertThat(each.anomaly()).isEqualTo(Anomaly.G2_ITEM);
                assertThat(each.forbidden()).isEqualTo(level == Isolation.SERIALIZABLE);
                assertThat(each.count()).isEqualTo(1);
            });
        }
    }

    @Test
    void two_readers_that_saw_two_writes_in_opposite_orders_are_a_long_fork() {
        for (Isolation level : Isolation.values()) {
            Anomalies found = overlapping(level)
                    .ok(append(1, 11))
                    .ok(append(2, 21))
                    .ok(list(1, 11L), list(2))
                    .ok(list(1), list(2, 21L))
                    .judged();
            assertThat(found.found()).extracting(Anomalies.Found::anomaly).containsExactly(Anomaly.LONG_FORK);
            assertThat(found.found().getFirst().forbidden()).isEqualTo(level != Isolation.READ_COMMITTED);
        }
    }

    @Test
    void a_fork_whose_readers_write_is_g_nonadjacent() {
        Anomalies found = overlapping(Isolation.REPEATABLE_READ)
                .ok(append(1, 11))
                .ok(append(2, 21))
                .ok(list(1, 11L), list(2), append(3, 31))
                .ok(list(1), list(2, 21L))
                .judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.G_NONADJACENT);
    }

    @Test
    void reads_that_contradict_each_other_are_an_incompatible_order() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .ok(append(1, 11))
                .ok(append(1, 12))
                .ok(list(1, 11L, 12L))
                .ok(list(1, 12L))
                .judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.INCOMPATIBLE_ORDER);
        assertThat(text(found, Anomaly.INCOMPATIBLE_ORDER))
                .contains("value 11 at place 1")
                .contains("value 12");
    }

    @Test
    void two_values_of_one_version_are_a_fork() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .ok(write(1, 11, 1L))
                .ok(write(1, 12, 1L))
                .judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.FORK);
        assertThat(text(found, Anomaly.FORK))
                .contains("version 1 of register 1 is 11 for T1")
                .contains("12 for T2");
    }

    @Test
    void an_append_applied_twice_is_a_duplicate_element() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .ok(append(1, 11))
                .ok(list(1, 11L, 11L))
                .judged();
        assertThat(forbidden(found)).contains(Anomaly.DUPLICATE_ELEMENT);
    }

    @Test
    void a_value_that_nobody_wrote_is_garbage() {
        Anomalies lists = overlapping(Isolation.READ_COMMITTED).ok(list(1, 99L)).judged();
        assertThat(forbidden(lists)).containsExactly(Anomaly.GARBAGE_READ);
        Anomalies registers =
                overlapping(Isolation.READ_COMMITTED).ok(register(1, 99L, 7)).judged();
        assertThat(forbidden(registers)).containsExactly(Anomaly.GARBAGE_READ);
    }

    @Test
    void a_transaction_that_does_not_see_its_own_append_contradicts_itself() {
        Anomalies found = overlapping(Isolation.READ_COMMITTED)
                .ok(append(1, 11), list(1))
                .ok(write(2, 21, 1L), register(2, 22L, 1))
                .judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.INTERNAL);
        assertThat(found.forbidden(Anomaly.INTERNAL)).isEqualTo(2);
        Anomalies twin = overlapping(Isolation.READ_COMMITTED)
                .ok(append(1, 11), list(1, 11L), append(1, 12), list(1, 11L, 12L))
                .ok(write(2, 21, 1L), register(2, 21L, 1))
                .judged();
        assertThat(twin.found()).isEmpty();
    }

    @Test
    void a_cycle_is_judged_by_the_weakest_level_in_it_and_a_strong_one_beside_it_is_still_found() {
        TransactionBuilder mixed = overlapping(Isolation.SERIALIZABLE)
                .ok(list(1), append(2, 21))
                .level(Isolation.REPEATABLE_READ)
                .ok(list(2), append(1, 11));
        assertThat(forbidden(mixed.judged())).isEmpty();
        assertThat(mixed.judged().allowed()).isEqualTo(1);
        mixed.level(Isolation.SERIALIZABLE).ok(list(2), append(1, 12));
        assertThat(forbidden(mixed.judged())).containsExactly(Anomaly.G2_ITEM);
    }

    @Test
    void a_history_without_reads_proves_nothing() {
        Anomalies found = overlapping(Isolation.SERIALIZABLE).ok(append(1, 11)).judged();
        assertThat(found.doubt()).contains("no acknowledged transaction read a key");
        assertThat(Anomalies.none().doubt()).contains("no transaction was recorded");
    }

    @Test
    void a_value_written_twice_is_the_loads_fault_and_said() {
        Anomalies found = overlapping(Isolation.SERIALIZABLE)
                .ok(append(1, 11))
                .ok(append(1, 11), list(1, 11L))
                .judged();
        assertThat(found.doubt()).contains("1 writes repeat a value of their key");
    }

    @Test
    void a_long_circle_is_told_by_its_shortest_form() {
        TransactionBuilder history = overlapping(Isolation.SERIALIZABLE);
        int length = 2_000;
        for (int i = 0; i < length; i++) {
            history.ok(list(i), append((i + 1) % length, i));
        }
        Anomalies found = history.judged();
        assertThat(forbidden(found)).containsExactly(Anomaly.G2_ITEM);
        Anomalies shorter = history.ok(list(5), append(6, 9_000), append(5, 9_001))
                .ok(list(5), append(5, 9_002))
                .judged();
        assertThat(shorter.found().stream()
                        .flatMap(each -> each.cases().stream())
                        .map(Anomalies.Case::text))
                .anySatisfy(text -> assertThat(text.split("; ")).hasSize(2));
    }

    private static TransactionBuilder overlapping(Isolation level) {
        return new TransactionBuilder(level).lasting(OVERLAPPING);
    }

    private static List<Anomaly> forbidden(Anomalies found) {
        return found.found().stream()
                .filter(Anomalies.Found::forbidden)
                .map(Anomalies.Found::anomaly)
                .toList();
    }

    private static String text(Anomalies found, Anomaly anomaly) {
        return found.found().stream()
                .filter(each -> each.anomaly() == anomaly)
                .findFirst()
                .orElseThrow()
                .cases()
                .getFirst()
                .text();
    }

    @Test
    void an_action_names_its_key() {
        for (Action action : List.of(append(7, 1), list(7), write(7, 1, null), register(7, null, 0))) {
            assertThat(action.key()).isEqualTo(7);
        }
    }
}

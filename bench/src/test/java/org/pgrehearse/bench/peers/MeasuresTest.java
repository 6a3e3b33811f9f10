package org.pgrehearse.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Medians, peaks and processor times are what they say. */
final class MeasuresTest {
    private static final List<String> LOG_OF_25 = List.of(
            "[0.003s][info][gc] Using Serial",
            "[0.210s][info][gc] GC(0) Pause Young (Allocation Failure) 7M->2M(23M) 3.712ms",
            "[0.425s][info][gc             ] GC(1) Pause Young (Allocation Failure) 19M->6M(23M) 5.056ms",
            "[0.616s][info][gc] GC(2) Pause Full (Allocation Failure) 10M->4M(23M) 3.438ms",
            "[1.071s][info][gc,exit     ] Heap",
            "[1.071s][info][gc,exit     ]  DefNew     total 7160K, used 6626K [0x000000068740, 0x000000068f2)",
            "[1.071s][info][gc,exit     ]   eden space 103296K,  64% used [0x0000000687400000, 0x000000068b4b5b98)",
            "[1.071s][info][gc,exit     ]  Tenured    total 258048K, used 1166K [0x0000000704d5, 0x00000007149)",
            "[1.071s][info][gc,exit     ]  Metaspace       used 10767K, committed 10944K, reserved 1114112K");
    private static final List<String> LOG_OF_21 = List.of(
            "[1.0s][info][gc,heap,exit] Heap",
            "[1.0s][info][gc,heap,exit]  def new generation   total 9792K, used 3264K [0x0000000687400000, 0x1)",
            "[1.0s][info][gc,heap,exit]  tenured generation   total 21888K, used 1000K [0x0000000687400000, 0x1)");

    @Test
    void the_median_is_the_middle_one() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(1, 2, 9));
        assertThat(Spread.of(List.of(5.0))).isEqualTo(new Spread(5, 5, 5));
    }

    @Test
    void the_median_of_an_even_number_is_between_the_two_in_the_middle() {
        assertThat(Spread.of(List.of(4.0, 1.0, 100.0, 2.0))).isEqualTo(new Spread(1, 3, 100));
    }

    @Test
    void nothing_has_no_median() {
        assertThatThrownBy(() -> Spread.of(List.of())).hasMessage("nothing was measured");
    }

    @Test
    void a_heap_is_fullest_before_a_collection() {
        assertThat(HeapPeak.of(LOG_OF_25)).contains(new HeapPeak(19 * 1024, 6 * 1024));
    }

    @Test
    void a_heap_that_was_never_collected_is_fullest_at_the_end() {
        assertThat(HeapPeak.of(LOG_OF_21)).contains(new HeapPeak(4264, 0));
    }

    @Test
    void the_log_of_a_killed_jvm_proves_no_peak() {
        assertThat(HeapPeak.of(LOG_OF_25.subList(0, 4))).isEmpty();
    }

    @Test
    void a_run_without_a_log_does_not_get_the_peak_of_the_run_before(@TempDir Path folder) throws IOException {
        Path log = folder.resolve("heap.log");
        Contender ours = new Pgrehearse("ours", Path.of("pgrehearse"), "exact", "", log);
        Files.write(log, LOG_OF_21);
        assertThat(ours.heap()).contains(new HeapPeak(4264, 0));
        assertThat(ours.heap()).isEmpty();
    }

    @Test
    void of_two_runs_each_peak_is_the_higher_one() {
        assertThat(new HeapPeak(5, 4).max(new HeapPeak(6, 3))).isEqualTo(new HeapPeak(6, 4));
    }

    @Test
    void time_of_the_program_and_of_the_kernel_both_count() {
        assertThat(Usage.of("19440 1.25 0.50\n")).contains(new Usage(19440, 1.75));
        assertThat(Usage.of("Command terminated by signal 9")).isEmpty();
    }

    @Test
    void what_is_unknown_of_one_program_is_unknown_of_all() {
        Finished known = new Finished(0, "", "", Optional.of(new Usage(10, 1)));
        Finished unknown = new Finished(0, "", "", Optional.empty());
        assertThat(new Measurement(1, List.of(known, known)).usage()).contains(new Usage(20, 2));
        assertThat(new Measurement(1, List.of(known, unknown)).usage()).isEmpty();
        assertThat(new Measurement(1, List.of(unknown, known)).usage()).isEmpty();
    }

    @Test
    void the_time_of_ended_sessions_is_read_after_the_programs_name() {
        String stat = "4711 (post) gres) S 1 4711 4711 0 -1 4194560 10 20 30 40 1 2 150 25 20 0 1 0 999 0 0";
        assertThat(BackendTime.ofChildren(stat)).isEqualTo(OptionalDouble.of(1.75));
        assertThat(BackendTime.ofChildren("4711 (postgres) S 1 4711")).isEmpty();
    }
}

package org.pgrehearse.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs are run together, heard, and stopped when they take too long. */
final class StopwatchTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    @Test
    void output_errors_exit_code_and_environment_are_those_of_the_program() throws Exception {
        CommandLine command =
                new CommandLine(List.of("sh", "-c", "echo $WORD; echo problem >&2; exit 3"), Map.of("WORD", "hello"));
        Finished program = measure(command, LONG).programs().getFirst();
        assertThat(program.exitCode()).isEqualTo(3);
        assertThat(program.output()).isEqualTo("hello\n");
        assertThat(program.complaint()).isEqualTo("exit code 3, problem");
    }

    @Test
    void the_time_is_that_of_the_slowest() throws Exception {
        Stopwatch stopwatch = new Stopwatch(folder, Optional.empty(), LONG);
        Measurement measurement = stopwatch.measure(List.of(CommandLine.of("sleep", "0.3"), CommandLine.of("true")));
        assertThat(measurement.seconds()).isGreaterThanOrEqualTo(0.3);
        assertThat(measurement.programs()).hasSize(2).allMatch(Finished::succeeded);
        assertThat(measurement.usage()).isEmpty();
    }

    @Test
    void a_program_that_takes_too_long_is_stopped() throws Exception {
        Measurement measurement = measure(CommandLine.of("sleep", "60"), Duration.ofMillis(50));
        assertThat(measurement.seconds()).isLessThan(30);
        assertThat(measurement.programs().getFirst().complaint()).isEqualTo("stopped at the deadline");
    }

    private Measurement measure(CommandLine command, Duration deadline) throws Exception {
        return new Stopwatch(folder, Optional.empty(), deadline).measure(List.of(command));
    }
}

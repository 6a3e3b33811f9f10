package org.pgrehearse.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What {@code preflight} says and exits with where no server answers. */
final class PreflightCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void a_server_that_cannot_be_reached_is_inconclusive_and_shows_no_password() {
        assertThat(run("preflight", "--source", "postgresql://app:hunter2@127.0.0.1:1/shop?connect_timeout=5"))
                .isEqualTo(ExitCode.INCONCLUSIVE);
        assertThat(err.toString()).startsWith("Cannot connect to the source").doesNotContain("hunter2");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void a_kind_of_migration_that_does_not_exist_is_a_usage_error_that_names_those_that_do() {
        assertThat(run("preflight", "--source", "host=127.0.0.1 port=1 dbname=a user=a", "--migration", "magic"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("\"magic\"", "logical-replication", "schema-change");
    }

    @Test
    void a_source_must_be_named() {
        assertThat(run("preflight")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--source");
    }

    private int run(String... arguments) {
        return Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true))
                .execute(arguments);
    }
}

package org.pgrehearse.scenarios.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a log says of replication workers. */
final class ReplicationErrorsTest {
    private static final String AT = "2026-01-02 03:04:05.678 UTC [77] ";
    private static final String APPLY = AT + "ERROR:  duplicate key value violates unique constraint \"orders_pkey\"\n";

    @TempDir
    private Path folder;

    @Test
    void the_last_error_of_a_worker_is_told() throws IOException {
        ReplicationErrors errors = after(AT + "ERROR:  an older one\n" + APPLY + AT
                + "CONTEXT:  processing remote data\n" + AT + "LOG:  background worker exited\n");
        assertThat(errors.sentence())
                .isEqualTo(" The log of the target says:"
                        + " \"ERROR: duplicate key value violates unique constraint \"orders_pkey\"\".");
        StepFailed explained = errors.explain(new StepFailed("It did not happen."));
        assertThat(explained).hasMessage("It did not happen." + errors.sentence());
    }

    @Test
    void an_error_of_a_users_session_is_not_a_workers() throws IOException {
        assertThat(after(AT + "shop_web@app web-1 ERROR:  division by zero\n").sentence())
                .isEmpty();
    }

    @Test
    void what_was_logged_before_the_wait_explains_nothing() throws IOException {
        Path log = Files.writeString(folder.resolve("target.log"), APPLY);
        ReplicationErrors errors = new ReplicationErrors("target", Optional.of(log), Files.size(log));
        assertThat(errors.sentence()).isEmpty();
        StepFailed failure = new StepFailed("It did not happen.");
        assertThat(errors.explain(failure)).isSameAs(failure);
    }

    @Test
    void a_log_that_is_elsewhere_or_gone_explains_nothing() {
        assertThat(new ReplicationErrors("target", Optional.empty(), 0).sentence())
                .isEmpty();
        assertThat(new ReplicationErrors("target", Optional.of(folder.resolve("none.log")), 0).sentence())
                .isEmpty();
    }

    private ReplicationErrors after(String lines) throws IOException {
        Path log = Files.writeString(folder.resolve("target.log"), lines);
        return new ReplicationErrors("target", Optional.of(log), 0);
    }
}

package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.pgrehearse.verifier.compare.Verifications.table;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.snapshot.Timeouts;
import org.pgrehearse.verifier.testkit.OwnServer;

/** A server that is lost in the middle of a comparison is waited for, and what came before is not read again. */
final class ReconnectionIT {
    private static final String BIG = "CREATE TABLE big AS SELECT i AS id, md5(i::text) AS v"
            + " FROM generate_series(1, 400000) i; ALTER TABLE big ADD PRIMARY KEY (id);";
    private static final String SMALL =
            "CREATE TABLE small (id int PRIMARY KEY, v text); INSERT INTO small SELECT i, ''"
                    + " FROM generate_series(1, 100) i;";
    private static final String END_OTHERS = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            + " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    /** More than the least time between two words of progress, so that none is left out. */
    private static final long NANOS_A_LOOK = 300_000_000L;

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init") // start sets it before each test
    private OwnServer source;

    @SuppressWarnings("NullAway.Init") // start sets it before each test
    private OwnServer target;

    @BeforeEach
    void start() {
        source = OwnServer.start(folder.resolve("source"), 15, Map.of("autovacuum", "off"));
        target = OwnServer.start(folder.resolve("target"), 17, Map.of("autovacuum", "off"));
        source.database("postgres").run(BIG + SMALL);
        target.database("postgres").run(BIG + SMALL + "DELETE FROM big WHERE id = 399999");
        for (OwnServer server : List.of(source, target)) {
            // The size tells which table is first; and commits of these servers survive a crash only when written out.
            server.database("postgres").run("VACUUM ANALYZE");
            server.database("postgres").run("CHECKPOINT");
        }
    }

    @AfterEach
    void stop() {
        source.close();
        target.close();
    }

    /** One job: the big table is finished first, and the server dies while that is known and the small one is not. */
    @Test
    void a_server_that_comes_back_is_read_on_and_finished_tables_are_not_read_again() {
        AtomicInteger rowsBefore = new AtomicInteger();
        AtomicBoolean killed = new AtomicBoolean();
        AtomicBoolean waited = new AtomicBoolean();
        Progress killer = state -> {
            if (state.tablesDone() == 1 && killed.compareAndSet(false, true)) {
                rowsBefore.set(Math.toIntExact(state.rowsRead()));
                lose(target);
            } else if (!state.paused().isEmpty() && waited.compareAndSet(false, true)) {
                assertThat(state.paused()).contains("the target is gone");
                startAgain();
            }
        };
        Verification verification = verify(options(Duration.ofMinutes(2)), killer);
        assertThat(killed).isTrue();
        assertThat(waited).isTrue();
        assertThat(verification.verdict()).isEqualTo(Verdict.DIVERGENT);
        assertThat(table(verification, "public.big").missing()).isEqualTo(1);
        assertThat(table(verification, "public.small").verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(verification.continued())
                .startsWith("A server was lost once and waited for")
                .contains("1 tables were finished");
        assertThat(rowsBefore.get()).isGreaterThan(700_000);
    }

    @Test
    void a_server_that_stays_away_leaves_what_was_not_read_inconclusive() {
        AtomicBoolean killed = new AtomicBoolean();
        Progress killer = state -> {
            if (state.tablesDone() == 1 && killed.compareAndSet(false, true)) {
                lose(target);
            }
        };
        Verification verification = verify(options(Duration.ofSeconds(1)), killer);
        assertThat(table(verification, "public.big").verdict()).isEqualTo(Verdict.DIVERGENT);
        assertThat(table(verification, "public.small").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        assertThat(verification.continued()).startsWith("A server was lost once and waited for");
    }

    @Test
    void a_snapshot_whose_connection_was_ended_is_taken_anew() {
        AtomicBoolean killed = new AtomicBoolean();
        Progress killer = state -> {
            if (state.tablesTotal() > 0 && killed.compareAndSet(false, true)) {
                source.database("postgres").run(END_OTHERS);
            }
        };
        Verification verification = verify(options(Duration.ofMinutes(1)), killer);
        assertThat(killed).isTrue();
        assertThat(verification.verdict()).isEqualTo(Verdict.DIVERGENT);
        assertThat(table(verification, "public.small").verdict()).isEqualTo(Verdict.CONSISTENT);
        assertThat(verification.continued()).startsWith("A server was lost once");
    }

    private VerifyOptions options(Duration reconnect) {
        return VerifyOptions.of(source.database("postgres"), target.database("postgres"))
                .withJobs(1)
                .withTimeouts(Timeouts.defaults().withReconnect(reconnect));
    }

    private static Verification verify(VerifyOptions options, Progress progress) {
        AtomicLong clock = new AtomicLong();
        try {
            return new Verifier(Clock.systemUTC(), () -> clock.addAndGet(NANOS_A_LOOK)).verify(options, progress);
        } catch (CannotConnectException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** All its sessions are gone, and so is the server, when this returns. */
    private static void lose(OwnServer server) {
        server.database("postgres").run(END_OTHERS);
        server.kill();
    }

    private void startAgain() {
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            target.startAgain();
            return true;
        });
    }
}

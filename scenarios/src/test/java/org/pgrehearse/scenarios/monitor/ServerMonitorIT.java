package org.pgrehearse.scenarios.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.LockQueue;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.LockWait;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.EmbeddedPlan;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.environment.TestEnvironments;
import org.pgrehearse.scenarios.testkit.MemoryRecorder;
import org.pgrehearse.scenarios.testkit.Servers;

final class ServerMonitorIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final Set<String> OF_EACH_SIDE = Set.of(
            "connections",
            "connections-active",
            "connections-idle-in-transaction",
            "sessions-waiting-for-locks",
            "longest-transaction-seconds",
            "prepared-transactions",
            "dead-rows",
            "database-bytes",
            "slots-inactive",
            "slots-retained-wal-bytes",
            "wal-bytes-per-second",
            "transactions-per-second",
            "blocks-read-per-second",
            "checkpoints",
            "deadlocks");
    private static final Set<String> SUBSCRIPTIONS =
            Set.of("subscription-apply-errors", "subscription-copy-errors", "subscription-conflicts");

    @TempDir
    private Path logs;

    private final MemoryRecorder recorder = new MemoryRecorder();

    private static Set<String> expected(Server server) {
        Set<String> names = new TreeSet<>(OF_EACH_SIDE);
        if (server.majorVersion() >= 15) {
            names.addAll(SUBSCRIPTIONS);
        }
        return names;
    }

    private Set<String> seen(String prefix) {
        return recorder.events(Event.Sample.class).stream()
                .map(Event.Sample::monitor)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @CsvSource({"12, 18", "13, 16", "14, 17", "15, 15"})
    void every_reading_is_there_whatever_the_version(int source, int target) throws InterruptedException {
        try (EmbeddedEnvironment environment =
                TestEnvironments.start(EmbeddedPlan.of(source, target).withFsync(false), logs)) {
            try (ServerMonitors _monitors =
                    ServerMonitors.start(List.of(environment.source(), environment.target()), recorder)) {
                await().dontCatchUncaughtExceptions()
                        .atMost(DEADLINE)
                        .until(() -> seen("source-").equals(expected(environment.source()))
                                && seen("target-").equals(expected(environment.target())));
                await().dontCatchUncaughtExceptions()
                        .atMost(DEADLINE)
                        .until(() ->
                                seen("machine-").equals(Set.of("busy-percent", "disk-wait-percent", "stolen-percent"))
                                        && seen("instrument-").equals(Set.of("collector-millis")));
            }
            assertThat(recorder.events(Event.LockWaits.class))
                    .extracting(Event.LockWaits::side)
                    .contains(Side.SOURCE, Side.TARGET);
        }
    }

    @Test
    void a_queue_for_a_lock_is_told_without_values() throws Exception {
        try (EmbeddedEnvironment environment = Servers.start(logs)) {
            Server source = environment.source();
            TestEnvironments.execute(source, "CREATE TABLE t (id int); INSERT INTO t VALUES (1)");
            List<Thread> waiters = new ArrayList<>();
            try (ServerMonitor _monitor = ServerMonitor.start(source, recorder);
                    Connection holder = source.admin();
                    Statement holds = holder.createStatement()) {
                holder.setAutoCommit(false);
                holds.execute("SET application_name = 'the holder'; SELECT * FROM t WHERE id::text = 'secret''s'");
                waiters.add(waiting(source, "ALTER TABLE t ADD COLUMN password text DEFAULT 'hunter2'"));
                await().dontCatchUncaughtExceptions().atMost(DEADLINE).until(() -> behindHolder() >= 1);
                waiters.add(waiting(source, "SELECT count(*) FROM t"));
                await().dontCatchUncaughtExceptions().atMost(DEADLINE).until(() -> behindHolder() >= 2);
                holder.commit();
                for (Thread waiter : waiters) {
                    waiter.join(DEADLINE);
                }
                await().dontCatchUncaughtExceptions()
                        .atMost(DEADLINE)
                        .until(() -> recorder.events(Event.LockWaits.class)
                                .getLast()
                                .waits()
                                .isEmpty());
            }
            LockQueue queue = Judge.judge(recorder.events()).locks().longest().getFirst();
            assertThat(queue.blocker()).isEqualTo("the holder");
            assertThat(queue.blockerState()).isEqualTo("idle in transaction");
            assertThat(queue.blockerStatement()).endsWith("SELECT * FROM t WHERE id::text = '…'");
            assertThat(queue.firstStatement()).isEqualTo("ALTER TABLE t ADD COLUMN password text DEFAULT '…'");
            assertThat(queue.mode()).isEqualTo("AccessExclusiveLock");
            assertThat(queue.object()).isEqualTo("t");
            assertThat(queue.sessionsMax()).isEqualTo(2);
            assertThat(recorder.events().toString()).doesNotContain("hunter2").doesNotContain("secret");
        }
    }

    private int behindHolder() {
        return (int) recorder.events(Event.LockWaits.class).stream()
                .mapToLong(look ->
                        look.waits().stream().mapToInt(LockWait::pid).distinct().count())
                .max()
                .orElse(0);
    }

    private static Thread waiting(Server server, String sql) {
        return Thread.ofVirtual().start(() -> {
            try (Connection connection = server.admin();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}

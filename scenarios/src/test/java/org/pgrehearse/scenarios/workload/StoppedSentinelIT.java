package org.pgrehearse.scenarios.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.JournalReader;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.HelperJvm;
import org.pgrehearse.scenarios.topology.TestServer;

/** The instrument tests itself: what it did not see because it stood still is never the servers' downtime. */
final class StoppedSentinelIT {
    private static final Duration PROBING = Duration.ofSeconds(3);
    private static final Duration STOPPED = Duration.ofMillis(600);
    private static final long SIGNAL_SECONDS_MAX = 10;

    @TempDir
    private Path folder;

    @Test
    void a_jvm_that_was_stopped_for_600_ms_measures_no_downtime_and_says_why() throws Exception {
        Judgement judgement = probe(true);

        assertThat(judgement.read().standstill().probes()).isBetween(1L, 40L);
        assertThat(judgement.read().standstill().worstNanos())
                .isBetween(
                        STOPPED.minusMillis(60).toNanos(), Duration.ofSeconds(3).toNanos());
        assertThat(judgement.read().doubt()).startsWith("the sentinel itself stood still");
        assertThat(judgement.write().doubt()).startsWith("the sentinel itself stood still");
        assertThat(judgement.verdict()).isEqualTo(RunVerdict.INCONCLUSIVE);
        assertThat(judgement.reasons())
                .extracting(Judgement.Reason::text)
                .anyMatch(text -> text.contains("read downtime is not measured: the sentinel itself stood still"));
    }

    @Test
    void a_jvm_that_was_not_stopped_has_nothing_to_confess() throws Exception {
        Judgement judgement = probe(false);

        assertThat(judgement.read().probes()).isGreaterThan(100);
        assertThat(judgement.read().standstill().probes()).isZero();
        assertThat(judgement.reasons())
                .extracting(Judgement.Reason::text)
                .noneMatch(text -> text.contains("stood still"));
    }

    private Judgement probe(boolean stop) throws Exception {
        Path file = folder.resolve("journal.jsonl.gz");
        try (TestServer server = TestServer.start(Side.SOURCE);
                HelperJvm helper = HelperJvm.start(
                        HelperSentinel.class,
                        List.of(Integer.toString(server.gateway().port()), file.toString()))) {
            assertThat(helper.line()).isEqualTo("probing");
            pass(PROBING);
            if (stop) {
                signal(helper, "STOP");
                pass(STOPPED);
                signal(helper, "CONT");
            }
            pass(PROBING);
            helper.process().getOutputStream().close();
            assertThat(helper.line()).isEqualTo("ended -1");
            assertThat(helper.process().waitFor(SIGNAL_SECONDS_MAX, TimeUnit.SECONDS))
                    .isTrue();
        }
        List<Event> events = new ArrayList<>();
        var tail = new JournalReader(file).read(events::add);
        assertThat(tail).isNotNull();
        return Judge.judge(events);
    }

    private static void pass(Duration length) {
        long until = System.nanoTime() + length.toNanos();
        await().dontCatchUncaughtExceptions()
                .pollInterval(Duration.ofMillis(5))
                .atMost(length.plusSeconds(20))
                .until(() -> System.nanoTime() >= until);
    }

    private static void signal(HelperJvm helper, String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(helper.process().pid()))
                .inheritIO()
                .start();
        assertThat(kill.waitFor(SIGNAL_SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }
}

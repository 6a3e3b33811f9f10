package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.testkit.OwnServer;

/** Two servers, something planted, and what is killed at random moments of a comparison. */
final class Survival implements AutoCloseable {
    private static final int ROWS = 40_000;
    private static final int STARTS_MAX = 5;
    private static final Duration RESTART_TIMEOUT = Duration.ofMinutes(1);
    private static final String TABLES = "CREATE TABLE ordered (id int PRIMARY KEY, v text);"
            + " INSERT INTO ordered SELECT i, repeat(md5(i::text), 9) FROM generate_series(1, " + ROWS + ") i;"
            + " CREATE TABLE shuffled (id uuid PRIMARY KEY, v text);"
            + " INSERT INTO shuffled SELECT md5(i::text)::uuid, repeat(md5(i::text), 9) FROM generate_series(1, " + ROWS
            + ") i; CREATE TABLE keyless (v int); INSERT INTO keyless SELECT generate_series(1, " + ROWS + ");";
    private static final String PLANTED = "UPDATE ordered SET v = '' WHERE id IN (7, 20000, 39999);"
            + " DELETE FROM shuffled WHERE id = md5('77')::uuid; INSERT INTO keyless VALUES (5);";

    private final OwnServer source;
    private final OwnServer target;
    private final Path folder;
    private final RandomGenerator random;
    private final List<TableComparison> truth;
    private final long undisturbedMillis;

    /** What a round kills. */
    private enum Victim {
        CLIENT,
        BACKEND,
        SOURCE,
        TARGET
    }

    Survival(Path folder, long seed) {
        this.folder = folder;
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.source =
                OwnServer.start(folder.resolve("source"), 15, Map.of("max_connections", "40", "autovacuum", "off"));
        this.target =
                OwnServer.start(folder.resolve("target"), 17, Map.of("max_connections", "40", "autovacuum", "off"));
        source.database("postgres").run(TABLES);
        target.database("postgres").run(TABLES + PLANTED);
        // Else the first reader would set hint bits and autovacuum take transaction ids.
        source.database("postgres").run("VACUUM ANALYZE");
        target.database("postgres").run("VACUUM ANALYZE");
        long started = System.nanoTime();
        Verification undisturbed = Verifications.verify(options(folder.resolve("undisturbed")));
        this.undisturbedMillis = Duration.ofNanos(System.nanoTime() - started).toMillis();
        this.truth = undisturbed.tables();
        assertThat(truth).extracting(TableComparison::verdict).containsOnly(Verdict.DIVERGENT);
    }

    private VerifyOptions options(Path resume) {
        return Client.options(source.port(), target.port(), resume);
    }

    /** One comparison with something killed in its middle, then continued to its end. */
    void round(int number) throws Exception {
        Victim victim = Victim.values()[random.nextInt(Victim.values().length)];
        Path resume = folder.resolve("resume-" + number);
        long delay = random.nextLong(undisturbedMillis + undisturbedMillis / 2);
        String round = "round " + number + ", " + victim + " killed after " + delay + " ms";
        switch (victim) {
            case CLIENT -> killedClient(resume, delay);
            case BACKEND, SOURCE, TARGET -> disturbed(round, victim, resume, delay);
        }
        await().atMost(RESTART_TIMEOUT).ignoreExceptions().until(() -> {
            source.database("postgres").value("SELECT 1");
            target.database("postgres").value("SELECT 1");
            return true;
        });
        assertThat(continued(resume)).as(round).isEqualTo(truth);
    }

    private void killedClient(Path resume, long delay) throws IOException, InterruptedException {
        Process client = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Client.class.getName(),
                        Integer.toString(source.port()),
                        Integer.toString(target.port()),
                        resume.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Its start takes a while that does not count.
        client.waitFor(delay + undisturbedMillis / 2, TimeUnit.MILLISECONDS);
        client.destroyForcibly().waitFor();
    }

    private void disturbed(String round, Victim victim, Path resume, long delay) throws Exception {
        try (ScheduledExecutorService killer = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<?> kill = killer.schedule(() -> kill(victim), delay, TimeUnit.MILLISECONDS);
            try {
                Verification verification = new Verifier().verify(options(resume), Progress.NONE);
                assertThat(verification.verdict()).as(round).isNotEqualTo(Verdict.CONSISTENT);
                assertThat(verification.tables())
                        .as(round)
                        .allSatisfy(
                                table -> assertThat(table.verdict() == Verdict.INCONCLUSIVE || truth.contains(table))
                                        .as("%s: %s", round, table)
                                        .isTrue());
            } catch (CannotConnectException e) {
                assertThat(victim).as(round + ": " + e).isNotEqualTo(Victim.CLIENT);
            }
            kill.get();
        }
        switch (victim) {
            case SOURCE -> restart(source);
            case TARGET -> restart(target);
            case BACKEND, CLIENT -> {}
        }
    }

    private void kill(Victim victim) {
        switch (victim) {
            case SOURCE -> source.kill();
            case TARGET -> target.kill();
            case BACKEND, CLIENT ->
                (random.nextBoolean() ? source : target)
                        .database("postgres")
                        .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE application_name = 'pgrehearse' ORDER BY random() LIMIT 1");
        }
    }

    private static void restart(OwnServer server) {
        await().atMost(RESTART_TIMEOUT).ignoreExceptions().until(() -> {
            server.startAgain();
            return true;
        });
    }

    private List<TableComparison> continued(Path resume) throws Exception {
        for (int start = 1; start < STARTS_MAX; start++) {
            Verification verification = new Verifier().verify(options(resume), Progress.NONE);
            boolean whole = verification.tables().stream().noneMatch(table -> table.verdict() == Verdict.INCONCLUSIVE);
            if (whole) {
                return verification.tables();
            }
        }
        return List.of();
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}

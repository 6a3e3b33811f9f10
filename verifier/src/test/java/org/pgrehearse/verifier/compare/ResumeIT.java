package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgrehearse.verifier.compare.Verifications.table;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.chunk.Pace;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** A comparison that was interrupted goes on where it was, and ends like one that was not. */
@ExtendWith(Servers.class)
final class ResumeIT {
    private static final int ROWS = 30_000;
    private static final String TABLES = "CREATE TABLE big (id int PRIMARY KEY, v text);"
            + " INSERT INTO big SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, " + ROWS + ") i;"
            + " CREATE TABLE small (id int PRIMARY KEY); INSERT INTO small SELECT generate_series(1, 50);";

    private final Database source;
    private final Database target;
    private final Path file;

    ResumeIT(Servers.Running servers, @TempDir Path folder) {
        source = servers.database(15);
        target = servers.database(17);
        file = folder.resolve("resume");
    }

    private VerifyOptions options() {
        return VerifyOptions.of(source, target)
                .withJobs(1)
                .withPace(new Pace(Duration.ofMillis(10), Optional.empty(), OptionalInt.empty()))
                .withResume(file);
    }

    /** Runs until so many rows of the big table were read, then is interrupted as by Ctrl-C. */
    private void interruptedAfter(long rows) {
        Thread self = Thread.currentThread();
        // A clock that leaps has the progress told at each step.
        AtomicBoolean interrupted = new AtomicBoolean();
        AtomicLong leaps = new AtomicLong();
        LongSupplier clock =
                () -> Duration.ofMillis(300 * leaps.incrementAndGet()).toNanos();
        assertThatThrownBy(() -> new Verifier(Clock.systemUTC(), clock).verify(options(), state -> {
                    if (state.rowsRead() >= rows && interrupted.compareAndSet(false, true)) {
                        self.interrupt();
                    }
                }))
                .isInstanceOf(InterruptedException.class);
    }

    private static long rowsRead(VerifyOptions options) {
        AtomicLong rows = new AtomicLong();
        verify(options, state -> rows.set(state.rowsRead()));
        return rows.get();
    }

    private static List<TableComparison> undisturbed(VerifyOptions options) {
        return verify(options.withResume(null)).tables();
    }

    @Test
    void what_was_done_is_not_done_again_and_the_answer_is_the_same() throws Exception {
        source.run(TABLES);
        target.run(TABLES + "UPDATE big SET v = '' WHERE id IN (100, 15000, 29000); DELETE FROM big WHERE id = 7;"
                + " DELETE FROM small WHERE id = 7");
        interruptedAfter(ROWS / 2);
        long lines = Files.readAllLines(file).size();
        assertThat(lines).isGreaterThan(5);
        long rows = rowsRead(options());
        assertThat(rows).isPositive().isLessThan(2 * ROWS - ROWS / 4);
        Verification resumed = verify(options());
        assertThat(resumed.tables()).isEqualTo(undisturbed(options()));
        assertThat(table(resumed, "public.big").changed()).isEqualTo(3);
        assertThat(resumed.verdict()).isEqualTo(Verdict.DIVERGENT);
        assertThat(resumed.continued()).startsWith("Continued: 2 tables were finished by an earlier start");
        assertThat(resumed.source().snapshotLsn()).matches("[0-9A-F]+/[0-9A-F]+");
        assertThat(rowsRead(options())).as("everything is done").isZero();
    }

    @Test
    void ranges_that_were_done_before_something_was_written_are_read_again() {
        source.run(TABLES);
        target.run(TABLES);
        interruptedAfter(ROWS / 2);
        target.run("UPDATE big SET v = 'late' WHERE id = 1");
        Verification resumed = verify(options());
        assertThat(table(resumed, "public.big").changed()).isEqualTo(1);
        assertThat(table(resumed, "public.big").sourceRows()).isEqualTo(ROWS);
    }

    @Test
    void a_table_read_in_buckets_goes_on_in_its_middle() throws Exception {
        String unordered = "CREATE TABLE big (id uuid PRIMARY KEY, v text);"
                + " INSERT INTO big SELECT md5(i::text)::uuid, repeat(md5(i::text), 30)"
                + " FROM generate_series(1, " + ROWS + ") i;"
                + " CREATE TABLE bag (v text); INSERT INTO bag SELECT v FROM big;";
        source.run(unordered);
        target.run(unordered + "UPDATE big SET v = '' WHERE id = md5('77')::uuid;"
                + " DELETE FROM bag WHERE v = repeat(md5('29000'), 30)");
        interruptedAfter(ROWS);
        long rows = rowsRead(options());
        assertThat(rows).isPositive().isLessThan(4 * ROWS - ROWS / 2);
        assertThat(verify(options()).tables()).isEqualTo(undisturbed(options()));
        assertThat(table(verify(options()), "public.big").plan()).isEqualTo("hash-buckets");
        assertThat(table(verify(options()), "public.bag").missing()).isEqualTo(1);
    }

    @Test
    void a_table_that_could_not_be_read_is_tried_again() {
        source.run(TABLES);
        target.run(TABLES);
        String role = "reader_" + source.name();
        source.run("CREATE ROLE " + role + " LOGIN; GRANT SELECT ON big TO " + role);
        VerifyOptions asReader = VerifyOptions.of(source.as(role), target).withResume(file);
        assertThat(table(verify(asReader), "public.small").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
        source.run("GRANT SELECT ON small TO " + role);
        assertThat(verify(asReader).verdict()).isEqualTo(Verdict.CONSISTENT);
    }

    @Test
    void a_file_of_another_comparison_is_refused() {
        source.run(TABLES);
        target.run(TABLES);
        verify(options());
        assertThatThrownBy(() -> verify(options().withDigest(DigestKind.EQUAL)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("of another comparison");
        target.run("ALTER TABLE small ADD COLUMN more int");
        assertThatThrownBy(() -> verify(options()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("of another comparison");
    }
}

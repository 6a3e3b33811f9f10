package org.pgrehearse.verifier.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.testkit.Database;

/** A comparison of tables in which every row differs, in a Java machine of its own with little memory. */
final class ManyDifferences {
    private static final String HEAP = "-Xmx48m";
    private static final long MINUTES_MAX = 60;

    private ManyDifferences() {}

    /** Compares the databases named by port, name, port and name, and prints what was counted. */
    public static void main(String[] arguments) {
        Database source = new Database(Integer.parseInt(arguments[0]), arguments[1], "postgres");
        Database target = new Database(Integer.parseInt(arguments[2]), arguments[3], "postgres");
        TableComparison table = only(verify(VerifyOptions.of(source, target).withJobs(2)));
        System.out.println(table.verdict() + " " + table.missing() + " " + table.unexpected() + " " + table.changed()
                + " " + table.differences().size() + " " + table.truncated() + " "
                + table.columnChanges().complete());
    }

    /** Fills both databases, compares them in the small machine, and demands exact totals. */
    static void check(Database source, Database target, long rows) throws IOException, InterruptedException {
        String fill = "CREATE TABLE t (id bigint PRIMARY KEY, a text, b int);"
                + "INSERT INTO t SELECT i, md5(i::text), %s FROM generate_series(%d, " + rows + ") i";
        source.run(fill.formatted("0", 1));
        target.run(fill.formatted("1", 11) + "; INSERT INTO t SELECT -i, '', 0 FROM generate_series(1, 5) i");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyDifferences.class.getName(),
                        Integer.toString(source.port()),
                        source.name(),
                        Integer.toString(target.port()),
                        target.name())
                .redirectErrorStream(true)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)).isTrue();
            assertThat(said.strip().lines().toList())
                    .as(said)
                    .endsWith("DIVERGENT 10 5 " + (rows - 10) + " 100 true " + (rows <= 10_000));
        } finally {
            process.destroyForcibly();
        }
        assertThat(List.of(process.exitValue())).containsExactly(0);
    }
}

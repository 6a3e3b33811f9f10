package org.pgrehearse.scenarios.statistics;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.pgrehearse.scenarios.statistics.StatisticsMix.LeftOut;
import org.pgrehearse.scenarios.statistics.StatisticsMix.Weighted;

/** Writes a mix as a folder: a script for each statement, and the scenario that runs them. */
public final class MixFolder {
    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "merge");
    private static final int WEIGHT_MAX = 1_000;
    private static final int MAJOR_MIN = 12;
    private static final int MAJOR_MAX = 18;
    private static final int LISTED_MAX = 50;
    private static final int QUERY_LENGTH_MAX = 200;
    private static final double RATE_MIN = 0.01;

    private MixFolder() {}

    /**
     * Writes it into a folder that is new or empty.
     *
     * @throws FileAlreadyExistsException when the folder holds something, which is left as it is
     */
    public static void write(StatisticsMix mix, Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw new FileAlreadyExistsException(folder.toString());
            }
        }
        double seconds = Math.max(1e-3, mix.lasted().toMillis() / 1000.0);
        long most = mix.scripts().stream().mapToLong(Weighted::calls).max().orElse(1);
        long all = mix.scripts().stream().mapToLong(Weighted::calls).sum();
        StringBuilder yaml = new StringBuilder(head(mix));
        yaml.append("name: captured-mix\nenvironment: {source: ")
                .append(Math.clamp(mix.major(), MAJOR_MIN, MAJOR_MAX))
                .append(", target: none}\nmigration: none\nload:\n  rate: ")
                .append(String.format(Locale.ROOT, "%.2f/s", Math.max(RATE_MIN, all / seconds)))
                .append("\n  scripts:\n");
        for (Weighted script : mix.scripts()) {
            String file = script.name() + ".sql";
            Files.writeString(folder.resolve(file), about(script) + script.script());
            long weight = most <= WEIGHT_MAX
                    ? script.calls()
                    : Math.max(1, Math.round(script.calls() * (double) WEIGHT_MAX / most));
            yaml.append("    - {name: ")
                    .append(script.name())
                    .append(", file: ")
                    .append(file)
                    .append(", weight: ")
                    .append(weight)
                    // So that a write leaves its row in the ledger, and is found when it is lost.
                    .append(
                            WRITES.contains(script.name()
                                            .substring(script.name().indexOf('-') + 1))
                                    ? ", wrap: yes}\n"
                                    : "}\n");
        }
        yaml.append("  setup: {schema: schema.sql, data: data.sql}\n")
                .append("runbook:\n  - phase: change\n    steps:\n      - pause: {for: 30s}\n")
                .append("expect: [failed-operations = 0]\n");
        Files.writeString(folder.resolve("scenario.yaml"), yaml);
    }

    private static String about(Weighted script) {
        return String.format(
                Locale.ROOT,
                "-- %d calls, %.3f ms each%n",
                script.calls(),
                script.millis() / Math.max(1, script.calls()));
    }

    private static String head(StatisticsMix mix) {
        StringBuilder head = new StringBuilder(String.format(
                Locale.ROOT,
                "# Statements of database %s in %.1f s: %.1f %% of their calls and %.1f %% of their time.%n"
                        + "# What is in schema.sql and data.sql is there before they run:%n"
                        + "#   pg_dump --schema-only > schema.sql; pg_dump --data-only --inserts > data.sql%n",
                oneLine(mix.database()),
                mix.lasted().toMillis() / 1000.0,
                100 * mix.coveredCalls(),
                100 * mix.coveredTime()));
        mix.remarks()
                .forEach(remark -> head.append("# ").append(oneLine(remark)).append('\n'));
        if (mix.hiddenCalls() > 0) {
            head.append("# Left out: ")
                    .append(mix.hiddenCalls())
                    .append(" calls of statements that the role may not read; grant it pg_read_all_stats.\n");
        }
        mix.leftOut().stream()
                .limit(LISTED_MAX)
                .forEach(each -> head.append("# ").append(told(each)).append('\n'));
        if (mix.leftOut().size() > LISTED_MAX) {
            head.append("# … and ").append(mix.leftOut().size() - LISTED_MAX).append(" statements more\n");
        }
        return head.toString();
    }

    /** A statement that was left out, in one line. */
    public static String told(LeftOut each) {
        String query = oneLine(each.query());
        String shown = query.length() <= QUERY_LENGTH_MAX ? query : query.substring(0, QUERY_LENGTH_MAX) + "…";
        return "Left out: " + each.calls() + " calls of " + shown + " (" + oneLine(each.why()) + ")";
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}

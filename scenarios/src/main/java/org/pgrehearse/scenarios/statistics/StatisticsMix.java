package org.pgrehearse.scenarios.statistics;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.capture.Mask;
import org.pgrehearse.scenarios.capture.Secrets;
import org.pgrehearse.scenarios.ids.ParameterColumns;
import org.pgrehearse.verifier.endpoint.ConnectionSource;

/**
 * A weighted mix of scripts, made of what {@code pg_stat_statements} counted between two looks.
 *
 * @param database whose statements they are
 * @param major the server's major version
 * @param lasted between the looks
 * @param scripts what can be run, the most frequent first
 * @param leftOut what cannot, the most frequent first
 * @param hiddenCalls of statements whose text the role may not read
 * @param remarks what makes the counts less than whole
 */
public record StatisticsMix(
        String database,
        int major,
        Duration lasted,
        List<Weighted> scripts,
        List<LeftOut> leftOut,
        long hiddenCalls,
        List<String> remarks) {
    private static final Set<String> VERBS =
            Set.of("select", "insert", "update", "delete", "merge", "with", "values", "table");

    /**
     * A statement as a pgbench script.
     *
     * @param calls between the looks
     * @param millis of execution, of these calls together
     */
    public record Weighted(String name, String script, long calls, double millis) {}

    /** A statement that is not in the mix, and why. */
    public record LeftOut(String query, long calls, double millis, String why) {}

    /** Statistics that cannot be had, with what to do about it. */
    public static final class NoStatistics extends Exception {
        private static final long serialVersionUID = 1L;

        NoStatistics(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** Waits between the looks. */
    @FunctionalInterface
    public interface Pause {
        /** Returns when it is time for the second look. */
        void await() throws InterruptedException;
    }

    /**
     * Takes two looks and makes the mix. Writes nothing to the database.
     *
     * @param mask what becomes of values that are sampled from columns; null when they stay
     * @throws NoStatistics when the extension is missing or not loaded
     */
    public static StatisticsMix take(ConnectionSource database, Pause pause, @Nullable Mask mask)
            throws SQLException, NoStatistics, InterruptedException {
        try (Connection connection = database.open()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(true);
            StatisticsLook.Source source =
                    StatisticsLook.Source.of(connection).orElseThrow(() -> new NoStatistics(missing(), null));
            StatisticsLook first = look(connection, source);
            long began = System.nanoTime();
            pause.await();
            StatisticsLook second = look(connection, source);
            Duration lasted = Duration.ofNanos(System.nanoTime() - began);
            StatisticsLook.Between between = first.until(second);
            connection.setAutoCommit(false);
            Filling filling = new Filling(new ParameterFill(connection, mask));
            List<StatisticsLook.Entry> entries = new ArrayList<>(between.entries());
            entries.sort(Comparator.comparingLong(StatisticsLook.Entry::calls)
                    .reversed()
                    .thenComparing(StatisticsLook.Entry::query));
            for (StatisticsLook.Entry entry : entries) {
                filling.add(entry);
            }
            connection.rollback();
            return new StatisticsMix(
                    connection.getCatalog(),
                    connection.getMetaData().getDatabaseMajorVersion(),
                    lasted,
                    List.copyOf(filling.scripts),
                    List.copyOf(filling.leftOut),
                    between.hiddenCalls(),
                    between.remarks());
        }
    }

    private static String missing() {
        return "Cannot read pg_stat_statements: the database does not have the extension. Add pg_stat_statements to"
                + " shared_preload_libraries, restart the server, and run CREATE EXTENSION pg_stat_statements.";
    }

    private static StatisticsLook look(Connection connection, StatisticsLook.Source source)
            throws SQLException, NoStatistics {
        try {
            return StatisticsLook.at(connection, source);
        } catch (SQLException e) {
            if ("55000".equals(e.getSQLState())) {
                throw new NoStatistics(
                        "Cannot read pg_stat_statements: it is not loaded. Add it to shared_preload_libraries and"
                                + " restart the server.",
                        e);
            }
            throw e;
        }
    }

    /** The share of calls that the mix covers, from 0 to 1; 1 when there were none. */
    public double coveredCalls() {
        long kept = scripts.stream().mapToLong(Weighted::calls).sum();
        long all = kept + leftOut.stream().mapToLong(LeftOut::calls).sum() + hiddenCalls;
        return all == 0 ? 1 : kept / (double) all;
    }

    /** The share of the time of execution that the mix covers, of statements whose text is known. */
    public double coveredTime() {
        double kept = scripts.stream().mapToDouble(Weighted::millis).sum();
        double all = kept + leftOut.stream().mapToDouble(LeftOut::millis).sum();
        return all == 0 ? 1 : kept / all;
    }

    /** Sorts statements into those that can be run and those that cannot. */
    private static final class Filling {
        private final ParameterFill fill;
        private final List<Weighted> scripts = new ArrayList<>();
        private final List<LeftOut> leftOut = new ArrayList<>();

        Filling(ParameterFill fill) {
            this.fill = fill;
        }

        void add(StatisticsLook.Entry entry) throws SQLException {
            String query = entry.query();
            String verb = ParameterColumns.verb(query);
            if (query.contains("pg_stat_statements")) {
                return; // these looks
            }
            if (Secrets.mayBeIn(query)) {
                leftOut.add(new LeftOut("(withheld)", entry.calls(), entry.millis(), "it may hold a secret"));
            } else if (!VERBS.contains(verb)) {
                leftOut.add(new LeftOut(
                        query, entry.calls(), entry.millis(), "a mix holds queries and changes of rows, not commands"));
            } else {
                try {
                    String script = fill.script(query);
                    String name = String.format(Locale.ROOT, "%03d-%s", scripts.size() + 1, verb);
                    scripts.add(new Weighted(name, script, entry.calls(), entry.millis()));
                } catch (ParameterFill.CannotFill e) {
                    leftOut.add(new LeftOut(query, entry.calls(), entry.millis(), e.why()));
                }
            }
        }
    }
}

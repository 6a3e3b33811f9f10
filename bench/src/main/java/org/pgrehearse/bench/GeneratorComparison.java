package org.pgrehearse.bench;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.script.InvalidScript;
import org.pgrehearse.scenarios.script.Script;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gateway;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.PoolLimits;
import org.pgrehearse.scenarios.topology.Route;
import org.pgrehearse.scenarios.topology.Timeouts;
import org.pgrehearse.scenarios.workload.Lag;
import org.pgrehearse.scenarios.workload.Load;
import org.pgrehearse.scenarios.workload.LoadPlan;
import org.pgrehearse.scenarios.workload.QueryMode;
import org.pgrehearse.scenarios.workload.Scripts;
import org.pgrehearse.scenarios.workload.Tokens;

/**
 * The load generator beside {@code pgbench --rate}: the same two trivial statements a transaction, on the same server,
 * at the same rates, by turns in one run. Both count latency and lag from the scheduled start. What pgbench can do at
 * most without a rate is printed first: where a rate comes near it, the server and not a generator is the limit.
 *
 * <p>Arguments: the server's port on loopback (its user and database are both named {@code postgres}; nobody else uses
 * it), the program pgbench, the number of rounds, the seconds of each measurement, and the rates.
 */
public final class GeneratorComparison {
    private static final int SESSIONS = 16;
    private static final int THREADS = 2;
    private static final int ROUNDS_MAX = 100;
    private static final int SECONDS_MAX = 600;
    private static final int RATE_MAX = 100_000;
    private static final long MICROS_MAX = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 3;
    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int IN_FLIGHT_MAX = 200_000;
    private static final int LOG_LATENCY = 2;
    private static final int LOG_LAG = 6;
    private static final Pattern TPS = Pattern.compile("tps = ([0-9.]+)");
    private static final String TRANSACTION = "SELECT pgrehearse.executed_on(), pg_backend_pid();\nSELECT 1;\n";

    private final int port;
    private final Path pgbench;
    private final int seconds;
    private final Path folder;

    private GeneratorComparison(int port, Path pgbench, int seconds, Path folder) {
        this.port = port;
        this.pgbench = pgbench;
        this.seconds = seconds;
        this.folder = folder;
    }

    /** Compares them and prints the table. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 5) {
            throw new IllegalArgumentException("Cannot compare: 5 arguments or more are needed, " + arguments.length
                    + " are there. Give PORT PGBENCH ROUNDS SECONDS RATE...");
        }
        Path pgbench = Path.of(arguments[1]);
        if (!Files.isExecutable(pgbench)) {
            throw new IllegalArgumentException("Cannot run " + pgbench + ": it is no program. Name pgbench's path.");
        }
        int port = number("PORT", arguments[0], 65_535);
        int rounds = number("ROUNDS", arguments[2], ROUNDS_MAX);
        int seconds = number("SECONDS", arguments[3], SECONDS_MAX);
        List<Integer> rates = Arrays.stream(arguments)
                .skip(4)
                .map(text -> number("RATE", text, RATE_MAX))
                .toList();
        Path folder = Files.createTempDirectory("generator-comparison");
        try {
            Files.writeString(folder.resolve("transaction.sql"), TRANSACTION);
            new GeneratorComparison(port, pgbench, seconds, folder).compare(rounds, rates);
        } finally {
            clear(folder);
            Files.delete(folder);
        }
    }

    private static int number(String name, String text, int max) {
        if (!text.matches("\\d{1,6}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(
                    "Cannot use " + name + " \"" + text + "\": it must be a whole number from 1 to " + max + ".");
        }
        return Integer.parseInt(text);
    }

    private void compare(int rounds, List<Integer> rates) throws Exception {
        try (Connection connection = DriverManager.getConnection(url(), "postgres", "")) {
            boolean ours = prepare(connection);
            try {
                print("most that pgbench can do with " + SESSIONS + " sessions and no rate: " + Math.round(capacity())
                        + " transactions a second");
                // Compiles what the highest rate needs, which would compete with it for the processors.
                generator(Collections.max(rates));
                print("| rate | generator | done a second | latency ms p50 | p95 | p99 | lag ms p50 | p99 | max |");
                print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
                for (int rate : rates) {
                    List<Taken> theirs = new ArrayList<>();
                    List<Taken> own = new ArrayList<>();
                    for (int round = 0; round < rounds; round++) {
                        boolean first = round % 2 == 0;
                        for (int turn = 0; turn < 2; turn++) {
                            if (first == (turn == 0)) {
                                theirs.add(pgbench(rate));
                            } else {
                                own.add(generator(rate));
                            }
                        }
                    }
                    tell(rate, theirs, own);
                }
            } finally {
                if (ours) {
                    execute(connection, "DROP SCHEMA pgrehearse CASCADE");
                }
            }
        }
    }

    private static void tell(int rate, List<Taken> theirs, List<Taken> own) {
        Taken peer = median(theirs);
        Taken self = median(own);
        print(line(rate, "pgbench", peer, "%.2f"));
        print(line(rate, "pgrehearse", self, "%.2f"));
        print(line(
                rate,
                "ratio",
                new Taken(
                        self.done() / peer.done(),
                        self.p50() / peer.p50(),
                        self.p95() / peer.p95(),
                        self.p99() / peer.p99(),
                        self.lagP50() / peer.lagP50(),
                        self.lagP99() / peer.lagP99(),
                        self.lagMax() / peer.lagMax()),
                "%.2f"));
    }

    private static String line(int rate, String who, Taken taken, String form) {
        StringBuilder line = new StringBuilder("| " + rate + " | " + who + " | ");
        for (double each : taken.all()) {
            line.append(String.format(Locale.ROOT, form, each)).append(" | ");
        }
        return line.toString().strip();
    }

    /** Each number's own median over the rounds. */
    private static Taken median(List<Taken> rounds) {
        double[] medians = new double[7];
        for (int i = 0; i < medians.length; i++) {
            int at = i;
            double[] sorted =
                    rounds.stream().mapToDouble(each -> each.all()[at]).sorted().toArray();
            medians[i] = sorted[sorted.length / 2];
        }
        return new Taken(medians[0], medians[1], medians[2], medians[3], medians[4], medians[5], medians[6]);
    }

    private Taken generator(int rate) throws SQLException, InterruptedException, InvalidScript {
        Script script = Script.parse("transaction", TRANSACTION);
        Taking taking = new Taking();
        Route route = new Route(List.of(new Gateway(Side.SOURCE, "127.0.0.1", port, "postgres")), Side.SOURCE);
        try (Application application = new Application(
                "generator",
                Login.trusted("postgres"),
                route,
                new Timeouts(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(60)),
                PoolLimits.of(SESSIONS))) {
            Load load = Load.start(
                    new LoadPlan(BigDecimal.valueOf(rate), PATIENCE, IN_FLIGHT_MAX),
                    Scripts.of(script, false, QueryMode.PREPARED, Map.of()),
                    List.of(application),
                    Tokens.recorded(),
                    taking,
                    1);
            TimeUnit.SECONDS.sleep(seconds);
            long stopped = System.nanoTime();
            load.stop(DRAIN);
            double lasted = seconds + (System.nanoTime() - stopped) / (double) TimeUnit.SECONDS.toNanos(1);
            if (!taking.other.isEmpty()) {
                throw new IllegalStateException("The generator did not only succeed: " + taking.other + ".");
            }
            return taking.taken(lasted, load.lag());
        }
    }

    private Taken pgbench(int rate) throws IOException, InterruptedException {
        clear(folder, "log");
        double tps = run("--rate=" + rate, "--log", "--log-prefix=" + folder.resolve("log"));
        Histogram latency = new Histogram(MICROS_MAX, DIGITS);
        Histogram lag = new Histogram(MICROS_MAX, DIGITS);
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(folder, "log*")) {
            for (Path log : logs) {
                for (String line : Files.readAllLines(log)) {
                    String[] words = line.split(" ", -1);
                    latency.recordValue(Math.min(MICROS_MAX, Long.parseLong(words[LOG_LATENCY])));
                    lag.recordValue(Math.min(MICROS_MAX, Long.parseLong(words[LOG_LAG])));
                }
            }
        }
        return Taken.of(tps, latency, millis(lag, 50), millis(lag, 99), lag.getMaxValue() / 1000.0);
    }

    private double capacity() throws IOException, InterruptedException {
        return run();
    }

    private double run(String... further) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                pgbench.toString(),
                "--no-vacuum",
                "--host=127.0.0.1",
                "--port=" + port,
                "--username=postgres",
                "--client=" + SESSIONS,
                "--jobs=" + THREADS,
                "--time=" + seconds,
                "--protocol=prepared",
                "--file=" + folder.resolve("transaction.sql")));
        command.addAll(List.of(further));
        command.add("postgres");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        Matcher tps = TPS.matcher(said);
        if (code != 0 || !tps.find()) {
            throw new IllegalStateException("pgbench ended with " + code + ": " + said);
        }
        return Double.parseDouble(tps.group(1));
    }

    /** Makes what a transaction of the generator asks, unless it is there. */
    private static boolean prepare(Connection connection) throws SQLException, IOException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regnamespace('pgrehearse') IS NULL")) {
            row.next();
            if (!row.getBoolean(1)) {
                return false;
            }
        }
        try (InputStream ledger = Objects.requireNonNull(
                Load.class.getResourceAsStream("/org/pgrehearse/scenarios/dataset/ledger.sql"))) {
            execute(connection, new String(ledger.readAllBytes(), StandardCharsets.UTF_8));
        }
        return true;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    private static void clear(Path folder, String... prefix) throws IOException {
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(folder, prefix.length == 0 ? "*" : prefix[0] + "*")) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static double millis(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / 1000.0;
    }

    private static void print(String line) {
        System.out.println(line);
    }

    /** One measurement: transactions a second, and milliseconds from the scheduled start. */
    private record Taken(double done, double p50, double p95, double p99, double lagP50, double lagP99, double lagMax) {
        static Taken of(double done, Histogram latency, double lagP50, double lagP99, double lagMax) {
            return new Taken(
                    done, millis(latency, 50), millis(latency, 95), millis(latency, 99), lagP50, lagP99, lagMax);
        }

        double[] all() {
            return new double[] {done, p50, p95, p99, lagP50, lagP99, lagMax};
        }
    }

    /** Keeps latencies and forgets the rest. */
    private static final class Taking implements Recorder {
        private final long bornNanos = System.nanoTime();
        private final Histogram latency = new ConcurrentHistogram(MICROS_MAX, DIGITS);
        private final LongAdder acknowledged = new LongAdder();
        private final List<String> other = new CopyOnWriteArrayList<>();

        @Override
        public long nowNanos() {
            return System.nanoTime() - bornNanos;
        }

        @Override
        public void record(Event event) {
            if (event instanceof Event.Operation each && each.outcome() == Outcome.ACKNOWLEDGED) {
                acknowledged.increment();
                long micros = TimeUnit.NANOSECONDS.toMicros(each.endedNanos() - each.intendedNanos());
                latency.recordValue(Math.clamp(micros, 0, MICROS_MAX));
            } else if (other.size() < 3) {
                other.add(event.toString());
            }
        }

        Taken taken(double lasted, Lag.Reading lag) {
            return Taken.of(acknowledged.sum() / lasted, latency, lag.millisP50(), lag.millisP99(), lag.millisMax());
        }
    }
}

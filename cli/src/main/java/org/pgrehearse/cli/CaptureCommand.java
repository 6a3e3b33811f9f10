package org.pgrehearse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.capture.Capture;
import org.pgrehearse.scenarios.capture.LinePrefix;
import org.pgrehearse.scenarios.capture.Mask;
import org.pgrehearse.scenarios.capture.Tally;
import org.pgrehearse.scenarios.capture.WireCapture;
import org.pgrehearse.scenarios.statistics.MixFolder;
import org.pgrehearse.scenarios.statistics.StatisticsMix;
import org.pgrehearse.verifier.endpoint.ConnectionString;
import org.pgrehearse.verifier.endpoint.Endpoint;
import org.pgrehearse.verifier.endpoint.SqlProblem;
import org.pgrehearse.verifier.endpoint.Surroundings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgrehearse capture}. */
@Command(
        name = "capture",
        description = {
            "Make a workload file of server logs, or of traffic that passes, for \"load: {replay: FILE}\";",
            "or a mix of scripts of pg_stat_statements, for \"load: {scripts: …}\"."
        })
final class CaptureCommand implements Callable<Integer> {
    private static final int KEY_BYTES = 32;
    private static final int KEY_BYTES_MIN = 16;
    private static final int PORT_MAX = 65_535;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Logs in their order; names that end in .gz are unpacked.")
    private List<Path> logs = List.of();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Pass connections on from here, and capture what they say, until a signal or --for.")
    private @Nullable String listen;

    @Option(names = "--server", paramLabel = "HOST:PORT", description = "Where --listen passes connections on to.")
    private @Nullable String server;

    @Option(
            names = "--statements",
            paramLabel = "URL",
            description = "Make a mix of what pg_stat_statements of this database counts during --for.")
    private @Nullable String statistics;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = GentleOptions.DurationText.class,
            description = "End --listen or --statements after this time, such as 10m.")
    private @Nullable Duration time;

    @Option(names = "--format", defaultValue = "AUTO", description = "What they are: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private Capture.Format format;

    @Option(
            names = "--log-line-prefix",
            paramLabel = "TEXT",
            defaultValue = "%m [%p] ",
            description = "The server's log_line_prefix, for plain logs; default \"${DEFAULT-VALUE}\".")
    @SuppressWarnings("NullAway.Init") // it has a default
    private String prefix;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "The workload, such as day.jsonl.gz; with --statements a new folder.")
    @SuppressWarnings("NullAway.Init") // it is required
    private Path out;

    @Option(names = "--mask", defaultValue = "KEEP", description = "What becomes of values: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private Masking masking;

    @Option(
            names = "--mask-key",
            paramLabel = "FILE",
            description = "The key of --mask hash, at least 16 bytes; without it each capture has a key of its own.")
    private @Nullable Path keyFile;

    /** What becomes of values. */
    enum Masking {
        /** They stay. */
        KEEP,
        /** They are replaced by a keyed hash. */
        HASH
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if ((logs.isEmpty() ? 0 : 1) + (listen == null ? 0 : 1) + (statistics == null ? 0 : 1) != 1) {
            throw new UsageException(
                    "Cannot capture: give one of --from FILE, --listen and --server, or --statements and --for.");
        }
        if (statistics != null) {
            return count(statistics);
        }
        if (listen != null) {
            return observe(listen);
        }
        if (server != null || time != null) {
            throw new UsageException("Cannot capture from logs with --server or --for: they belong to --listen.");
        }
        for (Path log : logs) {
            if (!Files.isRegularFile(log)) {
                throw new UsageException("Cannot read the log " + log + ": there is no such file.");
            }
        }
        return tell(new Capture(format, linePrefix(), mask()).run(logs, out));
    }

    /** Makes a mix of statistics; a signal ends the time between the looks. */
    private int count(String url) throws IOException, InterruptedException {
        Duration between = time;
        if (between == null || server != null) {
            throw new UsageException("Cannot capture from statistics without --for, or with --server: --for says how"
                    + " long calls are counted, such as 10m.");
        }
        Endpoint endpoint = ConnectionString.parse(url, Surroundings.ofProcess());
        endpoint.warnings().forEach(spec.commandLine().getErr()::println);
        CountDownLatch end = new CountDownLatch(1);
        try (Interruption interruption = new Interruption()) {
            interruption.stopBy(end::countDown);
            StatisticsMix.Pause pause = () -> {
                boolean ended = end.await(between.toMillis(), TimeUnit.MILLISECONDS);
                spec.commandLine().getErr().println(ended ? "ended by a signal" : "ended after its time");
            };
            StatisticsMix mix = StatisticsMix.take(endpoint, pause, mask());
            MixFolder.write(mix, out);
            return tell(mix);
        } catch (FileAlreadyExistsException e) {
            throw new UsageException("Cannot write into " + out + ": it holds something. Name a folder that is new.");
        } catch (StatisticsMix.NoStatistics e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCode.INCONCLUSIVE;
        } catch (SQLException e) {
            spec.commandLine()
                    .getErr()
                    .println("Cannot read the statistics of " + endpoint.displayUrl() + ": "
                            + SqlProblem.of(e).fact()
                            + ". Check the connection and that the role has pg_read_all_stats.");
            return ExitCode.INCONCLUSIVE;
        }
    }

    private int tell(StatisticsMix mix) {
        PrintWriter err = spec.commandLine().getErr();
        mix.remarks().forEach(err::println);
        mix.leftOut().forEach(each -> err.println(MixFolder.told(each)));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(String.format(
                Locale.ROOT,
                "a mix of %d scripts in %s covers %.1f %% of the calls and %.1f %% of the time;"
                        + " %d statements are left out",
                mix.scripts().size(),
                out,
                100 * mix.coveredCalls(),
                100 * mix.coveredTime(),
                mix.leftOut().size()));
        if (mix.hiddenCalls() > 0) {
            stdout.println("left out " + mix.hiddenCalls()
                    + " calls of statements that this role may not read; grant it pg_read_all_stats");
        }
        return mix.scripts().isEmpty() ? ExitCode.INCONCLUSIVE : ExitCode.PROVEN;
    }

    /** Captures traffic; a signal ends it in order, with the file complete. */
    private int observe(String from) throws IOException, InterruptedException {
        if (server == null) {
            throw new UsageException("Cannot capture with --listen alone: --server says where connections go.");
        }
        InetSocketAddress behind = address("--server", server);
        CountDownLatch end = new CountDownLatch(1);
        PrintWriter stdout = spec.commandLine().getOut();
        try (Interruption interruption = new Interruption()) {
            interruption.stopBy(end::countDown);
            WireCapture capture = WireCapture.start(address("--listen", from), behind, out, mask());
            try {
                stdout.println("capturing on " + capture.address().getHostString() + ":"
                        + capture.address().getPort() + " for " + server + "; end it with Ctrl-C");
                stdout.flush();
                boolean ended = end.await(time == null ? Long.MAX_VALUE : time.toMillis(), TimeUnit.MILLISECONDS);
                spec.commandLine().getErr().println(ended ? "ended by a signal" : "ended after its time");
            } finally {
                end(capture);
            }
            return code(capture.tally());
        }
    }

    /** Completes the file, and tells what is in it in any case. */
    private void end(WireCapture capture) throws IOException {
        try {
            capture.close();
        } finally {
            tell(capture.tally());
            spec.commandLine().getOut().flush();
        }
    }

    private static InetSocketAddress address(String option, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon).replaceFirst("^\\[(.*)]$", "$1");
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isEmpty() && port >= 0 && port <= PORT_MAX) {
                return InetSocketAddress.createUnresolved(host, port); // looked up for each connection anew
            }
        } catch (NumberFormatException e) {
            throw new UsageException("Cannot use " + option + " " + text + ": write HOST:PORT, as 127.0.0.1:6432.");
        }
        throw new UsageException("Cannot use " + option + " " + text + ": write HOST:PORT, as 127.0.0.1:6432.");
    }

    private int tell(Tally tally) {
        PrintWriter err = spec.commandLine().getErr();
        tally.examples().forEach(example -> err.println("left out " + example));
        PrintWriter stdout = spec.commandLine().getOut();
        stdout.println(
                "captured " + tally.statements() + " statements of " + tally.sessions() + " sessions into " + out);
        tally.skipped().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> stdout.println("left out " + entry.getValue() + ": " + entry.getKey()));
        return code(tally);
    }

    private static int code(Tally tally) {
        return tally.statements() > 0 ? ExitCode.PROVEN : ExitCode.INCONCLUSIVE;
    }

    private LinePrefix linePrefix() {
        try {
            return LinePrefix.of(prefix);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Mask mask() throws IOException {
        if (masking == Masking.KEEP) {
            return null;
        }
        byte[] key = new byte[KEY_BYTES];
        if (keyFile == null) {
            new SecureRandom().nextBytes(key);
        } else {
            key = Files.readAllBytes(keyFile);
            if (key.length < KEY_BYTES_MIN) {
                throw new UsageException(
                        "Cannot mask with the key in " + keyFile + ": it has fewer than " + KEY_BYTES_MIN + " bytes.");
            }
        }
        return new Mask(key);
    }
}

package org.pgrehearse.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgrehearse.chaos.FaultControl;
import org.pgrehearse.chaos.network.ProxyState;
import org.pgrehearse.chaos.proxy.FaultProxy;

/**
 * What a proxy costs: pgbench and a COPY straight to a server, through the embedded fault proxy, through the same while
 * it follows the protocol, and through a real Toxiproxy. All in one run and by turns, so that whatever else the machine
 * does hurts all alike; the medians and their ratios are printed.
 *
 * <p>Arguments: the server's port on loopback (its user and database are both named {@code postgres}, prepared by
 * {@code pgbench -i}), Toxiproxy's server binary, the number of rounds, and the seconds of each measurement.
 */
public final class ProxyComparison {
    private static final Pattern RATE = Pattern.compile("tps = ([0-9.]+)");
    private static final int CROWD = 16;
    private static final int COPIED_MEGABYTES = 256;
    private static final int BYTES_PER_ROW = 1024;
    private static final int START_ATTEMPTS_MAX = 100;
    private static final long START_PAUSE_MILLIS = 50;
    private static final double MICROS_PER_SECOND = 1_000_000;

    private final Map<String, Integer> ways;
    private final int seconds;

    private ProxyComparison(Map<String, Integer> ways, int seconds) {
        this.ways = new LinkedHashMap<>(ways);
        this.seconds = seconds;
    }

    /** Measures and prints. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int server = Integer.parseInt(arguments[0]);
        int rounds = Integer.parseInt(arguments[2]);
        InetSocketAddress real = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
        Process toxiproxy = new ProcessBuilder(
                        arguments[1], "-host", "127.0.0.1", "-port", Integer.toString(real.getPort()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (FaultProxy embedded = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1)) {
            await(real);
            FaultControl ours = FaultControl.embedded(embedded, List.of(), System::nanoTime);
            FaultControl theirs = FaultControl.remote(real, List.of(), System::nanoTime);
            Map<String, Integer> ways = new LinkedHashMap<>();
            ways.put("direct", server);
            ways.put("embedded", proxy(ours, "plain", server));
            ways.put("following", proxy(ours, "watched", server));
            ours.watch("watched");
            ways.put("toxiproxy", proxy(theirs, "plain", server));
            new ProxyComparison(ways, Integer.parseInt(arguments[3])).compare(rounds);
        } finally {
            toxiproxy.destroy();
        }
    }

    private void compare(int rounds) throws IOException, InterruptedException {
        Map<String, double[]> one = results(rounds);
        Map<String, double[]> crowd = results(rounds);
        Map<String, double[]> copy = results(rounds);
        for (int round = -1; round < rounds; round++) { // the first one warms up
            for (Map.Entry<String, Integer> way : ways.entrySet()) {
                double[] measured = {
                    transactions(way.getValue(), 1), transactions(way.getValue(), CROWD), megabytes(way.getValue())
                };
                if (round >= 0) {
                    row(one, way.getKey())[round] = measured[0];
                    row(crowd, way.getKey())[round] = measured[1];
                    row(copy, way.getKey())[round] = measured[2];
                }
            }
        }
        double base = MICROS_PER_SECOND / median(row(one, "direct"));
        System.out.println("| way | 1 client, tps | latency, us | added, us | " + CROWD
                + " clients, tps | of direct | COPY out, MB/s | of direct |");
        System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
        for (String way : ways.keySet()) {
            double latency = MICROS_PER_SECOND / median(row(one, way));
            System.out.printf(
                    "| %s | %.0f | %.1f | %.1f | %.0f | %.2f | %.0f | %.2f |%n",
                    way,
                    median(row(one, way)),
                    latency,
                    latency - base,
                    median(row(crowd, way)),
                    median(row(crowd, way)) / median(row(crowd, "direct")),
                    median(row(copy, way)),
                    median(row(copy, way)) / median(row(copy, "direct")));
        }
    }

    private Map<String, double[]> results(int rounds) {
        Map<String, double[]> results = new LinkedHashMap<>();
        ways.keySet().forEach(way -> results.put(way, new double[rounds]));
        return results;
    }

    private static double[] row(Map<String, double[]> results, String way) {
        double[] row = results.get(way);
        if (row == null) {
            throw new IllegalStateException("no way is called " + way);
        }
        return row;
    }

    private double transactions(int port, int clients) throws IOException, InterruptedException {
        String printed = run(List.of(
                "pgbench",
                "-n",
                "-S",
                "-M",
                "prepared",
                "-c",
                Integer.toString(clients),
                "-T",
                Integer.toString(seconds),
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                "postgres",
                "postgres"));
        Matcher rate = RATE.matcher(printed);
        if (!rate.find()) {
            throw new IOException("Cannot read pgbench's rate: " + printed);
        }
        return Double.parseDouble(rate.group(1));
    }

    private static double megabytes(int port) throws IOException, InterruptedException {
        int rows = COPIED_MEGABYTES * BYTES_PER_ROW;
        String copy = "\\copy (SELECT repeat('x', " + (BYTES_PER_ROW - 1) + ") FROM generate_series(1, " + rows
                + ")) TO '/dev/null'";
        long start = System.nanoTime();
        run(List.of(
                "psql",
                "-X",
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                Integer.toString(port),
                "-U",
                "postgres",
                "-c",
                copy,
                "postgres"));
        return COPIED_MEGABYTES * (double) TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - start);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(new ArrayList<>(command))
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("Cannot measure: " + command.getFirst() + " said " + printed);
        }
        return printed;
    }

    private static int proxy(FaultControl control, String name, int server) throws IOException {
        ProxyState created = control.proxies().create(name, "127.0.0.1:0", "127.0.0.1:" + server);
        return created.listenAddress().getPort();
    }

    private static double median(double[] measured) {
        double[] sorted = measured.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(InetSocketAddress server) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(server);
                return;
            } catch (IOException e) {
                if (attempt == START_ATTEMPTS_MAX) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(START_PAUSE_MILLIS);
            }
        }
    }
}

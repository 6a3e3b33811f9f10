package org.pgrehearse.cli;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.Live;

/** What is happening in a run, in Prometheus' text format on {@code http://127.0.0.1:PORT/metrics}, until closed. */
final class Metrics implements AutoCloseable {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final double NANOS_PER_SECOND = 1e9;

    private final @Nullable HttpServer server;

    private Metrics(@Nullable HttpServer server) {
        this.server = server;
    }

    /** Serves on a port of the loopback address, 0 for any that is free; null for not at all. */
    static Metrics serve(@Nullable Integer port, Supplier<Live> live) {
        if (port == null) {
            return new Metrics(null);
        }
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            server.createContext("/metrics", exchange -> {
                byte[] body = text(live.get()).getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", TYPE);
                exchange.sendResponseHeaders(OK, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return new Metrics(server);
        } catch (IOException e) {
            throw new UsageException("Cannot serve metrics on port " + port + ": " + e.getMessage()
                    + ". Name another port with --metrics.");
        }
    }

    /** Where it serves; -1 when it does not. */
    int port() {
        return server == null ? -1 : server.getAddress().getPort();
    }

    /** The text for one moment. */
    static String text(Live live) {
        StringBuilder text = new StringBuilder();
        gauge(text, "run_seconds", live.atNanos() / NANOS_PER_SECOND);
        counter(text, "operations_acknowledged_total", live.acknowledged());
        counter(text, "operations_failed_total", live.failed());
        counter(text, "operations_unknown_total", live.unknown());
        gauge(text, "operations_per_second", live.endedPerSecond());
        gauge(text, "operation_lateness_p99_millis", live.latenessMillisP99());
        gauge(text, "faults_in_place", live.faults().size());
        named(text, "phase", live.phase());
        named(text, "step", live.step());
        for (Map.Entry<String, Double> sample : new TreeMap<>(live.samples()).entrySet()) {
            gauge(text, sample.getKey().replace('-', '_').toLowerCase(Locale.ROOT), sample.getValue());
        }
        return text.toString();
    }

    private static void counter(StringBuilder text, String name, long value) {
        text.append("# TYPE pgrehearse_").append(name).append(" counter\n");
        text.append("pgrehearse_").append(name).append(' ').append(value).append('\n');
    }

    private static void gauge(StringBuilder text, String name, double value) {
        if (Double.isFinite(value)) {
            text.append("# TYPE pgrehearse_").append(name).append(" gauge\n");
            text.append("pgrehearse_").append(name).append(' ').append(value).append('\n');
        }
    }

    private static void named(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
            text.append("# TYPE pgrehearse_").append(name).append(" gauge\n");
            text.append("pgrehearse_")
                    .append(name)
                    .append("{name=\"")
                    .append(escaped)
                    .append("\"} 1\n");
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }
}

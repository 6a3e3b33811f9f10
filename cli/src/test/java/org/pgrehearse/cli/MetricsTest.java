package org.pgrehearse.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.Live;

final class MetricsTest {
    private static final Live LIVE = new Live(
            2_500_000_000L,
            "cutover",
            "a \"step\"",
            11,
            12,
            13,
            14.5,
            Double.NaN,
            16,
            List.of("cut", "kill"),
            Map.of("source-wal-bytes-per-second", 1024.0));

    @Test
    void a_run_is_served_as_prometheus_text() throws Exception {
        try (Metrics metrics = Metrics.serve(0, () -> LIVE);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics.port() + "/metrics"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
            assertThat(answer.body())
                    .contains(
                            """
                            # TYPE pgrehearse_operations_acknowledged_total counter
                            pgrehearse_operations_acknowledged_total 11
                            """,
                            "pgrehearse_operations_failed_total 12\n",
                            "pgrehearse_operations_unknown_total 13\n",
                            "pgrehearse_run_seconds 2.5\n",
                            "pgrehearse_faults_in_place 2.0\n",
                            "pgrehearse_phase{name=\"cutover\"} 1\n",
                            "pgrehearse_step{name=\"a \\\"step\\\"\"} 1\n",
                            "pgrehearse_source_wal_bytes_per_second 1024.0\n")
                    .doesNotContain("NaN");
        }
    }

    @Test
    void a_port_that_is_taken_is_said() {
        try (Metrics first = Metrics.serve(0, () -> LIVE)) {
            assertThatThrownBy(() -> Metrics.serve(first.port(), () -> LIVE))
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("Cannot serve metrics on port " + first.port())
                    .hasMessageEndingWith("Name another port with --metrics.");
        }
    }
}

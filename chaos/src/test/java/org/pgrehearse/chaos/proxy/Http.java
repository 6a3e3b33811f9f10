package org.pgrehearse.chaos.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to the API that Toxiproxy's Java client cannot send. */
public final class Http implements AutoCloseable {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final InetSocketAddress api;

    public Http(InetSocketAddress api) {
        this.api = api;
    }

    /** An answer. */
    public record Answer(int status, String body) {
        public JsonNode json() {
            return MAPPER.readTree(body);
        }

        public String error() {
            return json().get("error").stringValue();
        }
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", "test");
    }

    public Answer post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body, "test");
    }

    public Answer patch(String path, String body) throws IOException, InterruptedException {
        return send("PATCH", path, body, "test");
    }

    public Answer delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, "", "test");
    }

    public Answer send(String method, String path, String body, String agent) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.getPort() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("User-Agent", agent)
                .timeout(Duration.ofSeconds(30))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body());
    }

    @Override
    public void close() {
        client.close();
    }
}

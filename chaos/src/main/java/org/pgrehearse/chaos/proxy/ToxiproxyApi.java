package org.pgrehearse.chaos.proxy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Toxiproxy's HTTP API. Safe for use by many threads. */
final class ToxiproxyApi implements HttpHandler {
    private static final int BODY_BYTES_MAX = 4 * 1024 * 1024;
    private static final int OK = 200;
    private static final int CREATED = 201;
    private static final int NO_CONTENT = 204;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final long NO_BODY = -1;
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Proxies proxies;

    ToxiproxyApi(Proxies proxies) {
        this.proxies = proxies;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answer(exchange);
            if (answer.body().isEmpty()) {
                exchange.sendResponseHeaders(answer.status(), NO_BODY);
                return;
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String agent = exchange.getRequestHeaders().getFirst("User-Agent");
        if (agent != null && agent.startsWith("Mozilla/")) {
            return text(FORBIDDEN, "User agent not allowed\n");
        }
        byte[] body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
        try {
            if (body.length > BODY_BYTES_MAX) {
                throw ApiProblem.badBody("longer than " + BODY_BYTES_MAX + " bytes");
            }
            return route(
                    exchange.getRequestMethod(),
                    segments(exchange.getRequestURI().getRawPath()),
                    body);
        } catch (ApiProblem problem) {
            return json(problem.status(), Documents.problem(problem));
        }
    }

    private Answer route(String method, List<String> path, byte[] body) throws ApiProblem {
        return switch (path.size()) {
            case 1 -> root(method, path.get(0), body);
            case 2 -> path.get(0).equals("proxies") ? proxy(method, path.get(1), body) : unknown();
            case 3 -> isToxics(path) ? toxics(method, path.get(1), body) : unknown();
            case 4 -> isToxics(path) ? toxic(method, path.get(1), path.get(3), body) : unknown();
            default -> unknown();
        };
    }

    private Answer root(String method, String name, byte[] body) throws ApiProblem {
        return switch (name + " " + method) {
            case "proxies GET" -> json(OK, Documents.proxies(proxies.all()));
            case "proxies POST" ->
                json(CREATED, Documents.proxy(proxies.create(Requests.proxy(Fields.object(body), ""))));
            case "populate POST" ->
                json(CREATED, Documents.populated(proxies.populate(Requests.proxies(Fields.array(body)))));
            case "reset POST" -> {
                proxies.reset();
                yield noContent();
            }
            case "version GET" -> json(OK, Documents.version());
            case "metrics GET" -> text(OK, Metrics.render(proxies.all()));
            default -> isKnownRoot(name) ? wrongMethod() : unknown();
        };
    }

    private Answer proxy(String method, String name, byte[] body) throws ApiProblem {
        return switch (method) {
            case "GET" -> json(OK, Documents.proxy(proxies.get(name)));
            case "POST", "PATCH" -> {
                proxies.get(name);
                yield json(OK, Documents.proxy(proxies.update(name, Requests.change(Fields.object(body)))));
            }
            case "DELETE" -> {
                proxies.remove(name);
                yield noContent();
            }
            default -> wrongMethod();
        };
    }

    private Answer toxics(String method, String proxy, byte[] body) throws ApiProblem {
        Proxy found = proxies.get(proxy);
        return switch (method) {
            case "GET" -> json(OK, Documents.toxics(found));
            case "POST" -> {
                Toxic toxic = Requests.toxic(Fields.object(body));
                yield json(OK, Documents.toxic(proxies.addToxic(proxy, toxic)));
            }
            default -> wrongMethod();
        };
    }

    private Answer toxic(String method, String proxy, String name, byte[] body) throws ApiProblem {
        ActiveToxic found = proxies.get(proxy).toxic(name).orElseThrow(ApiProblem::toxicNotFound);
        return switch (method) {
            case "GET" -> json(OK, Documents.toxic(found));
            case "POST", "PATCH" -> {
                Proxies.ToxicEdit edit = Requests.toxicEdit(Fields.object(body));
                yield json(OK, Documents.toxic(proxies.updateToxic(proxy, name, edit)));
            }
            case "DELETE" -> {
                proxies.removeToxic(proxy, name);
                yield noContent();
            }
            default -> wrongMethod();
        };
    }

    private static boolean isToxics(List<String> path) {
        return path.get(0).equals("proxies") && path.get(2).equals("toxics");
    }

    private static boolean isKnownRoot(String name) {
        return List.of("proxies", "populate", "reset", "version", "metrics").contains(name);
    }

    private static List<String> segments(String rawPath) {
        return Stream.of(rawPath.substring(1).split("/", -1))
                // A plus sign is itself in a path, unlike in a form.
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
    }

    private static Answer unknown() {
        return text(NOT_FOUND, "404 page not found\n");
    }

    private static Answer wrongMethod() {
        return new Answer(METHOD_NOT_ALLOWED, TEXT, "");
    }

    private static Answer noContent() {
        return new Answer(NO_CONTENT, TEXT, "");
    }

    private static Answer json(int status, Object document) {
        return new Answer(status, JSON, Documents.json(document));
    }

    private static Answer text(int status, String text) {
        return new Answer(status, TEXT, text);
    }

    private record Answer(int status, String contentType, String body) {}
}

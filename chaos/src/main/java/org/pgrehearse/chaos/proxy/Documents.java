package org.pgrehearse.chaos.proxy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The bodies of answers: Toxiproxy's fields, and {@code effects}, which its clients ignore. */
final class Documents {
    /** The release of Toxiproxy whose API this is. */
    static final String API_VERSION = "2.12.0";

    private static final JsonMapper MAPPER = new JsonMapper();

    private Documents() {}

    static String json(Object document) {
        return MAPPER.writeValueAsString(document);
    }

    static Map<String, Object> version() {
        return Map.of("version", API_VERSION, "server", "pgrehearse");
    }

    static Map<String, Object> problem(ApiProblem problem) {
        return new TreeMap<>(Map.of("error", problem.title(), "status", problem.status()));
    }

    static Map<String, Object> proxies(List<Proxy> proxies) {
        Map<String, Object> document = new TreeMap<>();
        proxies.forEach(proxy -> document.put(proxy.name(), proxy(proxy)));
        return document;
    }

    static Map<String, Object> populated(List<Proxy> proxies) {
        return Map.of("proxies", proxies.stream().map(Documents::proxy).toList());
    }

    static Map<String, Object> proxy(Proxy proxy) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", proxy.name());
        document.put("listen", proxy.listen().toString());
        document.put("upstream", proxy.upstream().toString());
        document.put("enabled", proxy.isEnabled());
        document.put("toxics", toxics(proxy));
        document.put("effects", proxy.effects());
        return document;
    }

    /** First those of the upstream, then those of the downstream, each in their order of effect. */
    static List<Map<String, Object>> toxics(Proxy proxy) {
        return proxy.toxics().stream()
                .sorted((left, right) ->
                        left.toxic().direction().compareTo(right.toxic().direction()))
                .map(Documents::toxic)
                .toList();
    }

    static Map<String, Object> toxic(ActiveToxic active) {
        Toxic toxic = active.toxic();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("attributes", Attributes.of(toxic.behavior()));
        document.put("name", toxic.name());
        document.put("type", toxic.behavior().type());
        document.put("stream", toxic.direction().label());
        document.put("toxicity", toxic.toxicity());
        document.put("effects", active.tally().effects());
        return document;
    }
}

package org.pgrehearse.chaos.proxy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.pgrehearse.chaos.proxy.Effects.ToxicEffects;
import org.pgrehearse.chaos.proxy.Effects.Traffic;

/** The counters as Prometheus reads them. Toxiproxy's own two keep their names; unlike there they are live. */
final class Metrics {
    private final StringBuilder text = new StringBuilder();
    private final List<Proxy> proxies;
    private final Map<Proxy, Effects> effects = new LinkedHashMap<>();

    private Metrics(List<Proxy> proxies) {
        this.proxies = proxies;
        proxies.forEach(proxy -> effects.put(proxy, proxy.effects()));
    }

    /** One document for all proxies. */
    static String render(List<Proxy> proxies) {
        Metrics metrics = new Metrics(proxies);
        metrics.traffic("toxiproxy_proxy_received_bytes_total", "counter", Traffic::bytesReceived);
        metrics.traffic("toxiproxy_proxy_sent_bytes_total", "counter", Traffic::bytesPassed);
        metrics.traffic("pgrehearse_proxy_dropped_bytes_total", "counter", Traffic::bytesDropped);
        metrics.traffic("pgrehearse_proxy_waiting_bytes", "gauge", Traffic::bytesWaiting);
        metrics.proxy("connections_accepted_total", "counter", Effects::connectionsAccepted);
        metrics.proxy("connections_open", "gauge", Effects::connectionsOpen);
        metrics.proxy("connections_refused_total", "counter", Effects::connectionsRefused);
        metrics.proxy("connections_cut_total", "counter", Effects::connectionsCut);
        metrics.proxy("connections_reset_total", "counter", Effects::connectionsReset);
        metrics.proxy("dials_failed_total", "counter", Effects::dialsFailed);
        metrics.toxic("connections_cut_total", ToxicEffects::connectionsCut);
        metrics.toxic("connections_reset_total", ToxicEffects::connectionsReset);
        metrics.toxic("chunks_delayed_total", ToxicEffects::chunksDelayed);
        metrics.toxic("chunks_sliced_total", ToxicEffects::chunksSliced);
        metrics.toxic("held_bytes_total", ToxicEffects::bytesHeld);
        metrics.toxic("dropped_bytes_total", ToxicEffects::bytesDropped);
        metrics.toxic("closes_delayed_total", ToxicEffects::closesDelayed);
        return metrics.text.toString();
    }

    private void traffic(String metric, String kind, ToLongFunction<Traffic> counter) {
        type(metric, kind);
        for (Proxy proxy : proxies) {
            for (Direction direction : Direction.values()) {
                Traffic traffic = switch (direction) {
                    case UPSTREAM -> of(proxy).upstream();
                    case DOWNSTREAM -> of(proxy).downstream();
                };
                sample(
                        metric,
                        Map.of(
                                "direction", direction.label(),
                                "listener", proxy.listen().toString(),
                                "proxy", proxy.name(),
                                "upstream", proxy.upstream().toString()),
                        counter.applyAsLong(traffic));
            }
        }
    }

    private void proxy(String metric, String kind, ToLongFunction<Effects> counter) {
        String full = "pgrehearse_proxy_" + metric;
        type(full, kind);
        for (Proxy proxy : proxies) {
            sample(full, Map.of("proxy", proxy.name()), counter.applyAsLong(of(proxy)));
        }
    }

    private void toxic(String metric, ToLongFunction<ToxicEffects> counter) {
        String full = "pgrehearse_toxic_" + metric;
        type(full, "counter");
        for (Proxy proxy : proxies) {
            of(proxy)
                    .toxics()
                    .forEach((toxic, done) ->
                            sample(full, Map.of("proxy", proxy.name(), "toxic", toxic), counter.applyAsLong(done)));
        }
    }

    private Effects of(Proxy proxy) {
        return effects.getOrDefault(proxy, proxy.effects());
    }

    private void type(String metric, String kind) {
        text.append("# TYPE ").append(metric).append(' ').append(kind).append('\n');
    }

    private void sample(String metric, Map<String, String> labels, long value) {
        String inner = labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> label.getKey() + "=\"" + escape(label.getValue()) + "\"")
                .reduce((left, right) -> left + "," + right)
                .orElse("");
        text.append(metric).append('{').append(inner).append("} ").append(value).append('\n');
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}

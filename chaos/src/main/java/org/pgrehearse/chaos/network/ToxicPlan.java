package org.pgrehearse.chaos.network;

import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.ToxicList;
import eu.rekawek.toxiproxy.model.toxic.Bandwidth;
import eu.rekawek.toxiproxy.model.toxic.Latency;
import eu.rekawek.toxiproxy.model.toxic.LimitData;
import eu.rekawek.toxiproxy.model.toxic.ResetPeer;
import eu.rekawek.toxiproxy.model.toxic.Slicer;
import eu.rekawek.toxiproxy.model.toxic.SlowClose;
import eu.rekawek.toxiproxy.model.toxic.Timeout;
import java.io.IOException;
import java.util.Map;
import org.pgrehearse.chaos.proxy.Direction;

/**
 * A toxic as it is asked for and as it is read back.
 *
 * @param name URL-safe
 * @param attributes whole numbers under the API's names
 */
public record ToxicPlan(String name, Kind kind, Direction direction, Map<String, Long> attributes) {
    public ToxicPlan {
        attributes = Map.copyOf(attributes);
    }

    /** Toxiproxy's types of toxics. */
    public enum Kind {
        LATENCY,
        BANDWIDTH,
        SLOW_CLOSE,
        TIMEOUT,
        RESET_PEER,
        SLICER,
        LIMIT_DATA
    }

    /** Asks the server for it. Some attributes follow in a second request, because the client has no other way. */
    void create(ToxicList toxics) throws IOException {
        ToxicDirection way = ToxicDirection.valueOf(direction.name());
        switch (kind) {
            case LATENCY -> toxics.latency(name, way, number("latency")).setJitter(number("jitter"));
            case BANDWIDTH -> toxics.bandwidth(name, way, number("rate"));
            case SLOW_CLOSE -> toxics.slowClose(name, way, number("delay"));
            case TIMEOUT -> toxics.timeout(name, way, number("timeout"));
            case RESET_PEER -> toxics.resetPeer(name, way, number("timeout"));
            case SLICER ->
                toxics.slicer(name, way, number("average_size"), number("delay"))
                        .setSizeVariation(number("size_variation"));
            case LIMIT_DATA -> toxics.limitData(name, way, number("bytes"));
        }
    }

    /** What the server says it has. */
    static ToxicPlan read(Toxic toxic) throws IOException {
        Direction direction = Direction.valueOf(toxic.getStream().name());
        String name = toxic.getName();
        return switch (toxic) {
            case Latency latency ->
                new ToxicPlan(
                        name,
                        Kind.LATENCY,
                        direction,
                        Map.of("latency", latency.getLatency(), "jitter", latency.getJitter()));
            case Bandwidth bandwidth ->
                new ToxicPlan(name, Kind.BANDWIDTH, direction, Map.of("rate", bandwidth.getRate()));
            case SlowClose close -> new ToxicPlan(name, Kind.SLOW_CLOSE, direction, Map.of("delay", close.getDelay()));
            case Timeout timeout ->
                new ToxicPlan(name, Kind.TIMEOUT, direction, Map.of("timeout", timeout.getTimeout()));
            case ResetPeer reset ->
                new ToxicPlan(name, Kind.RESET_PEER, direction, Map.of("timeout", reset.getTimeout()));
            case Slicer slicer ->
                new ToxicPlan(
                        name,
                        Kind.SLICER,
                        direction,
                        Map.of(
                                "average_size", slicer.getAverageSize(),
                                "size_variation", slicer.getSizeVariation(),
                                "delay", slicer.getDelay()));
            case LimitData limit -> new ToxicPlan(name, Kind.LIMIT_DATA, direction, Map.of("bytes", limit.getBytes()));
            default -> throw new IOException("toxic " + name + " is of an unknown type");
        };
    }

    private long number(String attribute) {
        return attributes.getOrDefault(attribute, 0L);
    }
}

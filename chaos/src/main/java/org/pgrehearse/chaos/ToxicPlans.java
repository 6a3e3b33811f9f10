package org.pgrehearse.chaos;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.pgrehearse.chaos.network.ToxicPlan;
import org.pgrehearse.chaos.network.ToxicPlan.Kind;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Effects.ToxicEffects;

/**
 * The toxics that make a fault.
 *
 * @param bitten the counter that shows that a toxic took effect
 * @param evidence what the counter counts
 */
record ToxicPlans(List<ToxicPlan> toxics, ToLongFunction<ToxicEffects> bitten, String evidence) {
    /** So soon that it is at once, and yet not zero, which would wait for the next byte. */
    private static final long AT_ONCE_MILLIS = 1;

    private static final long UNTIL_REMOVED = 0;
    private static final int NANOS_PER_MICRO = 1000;

    ToxicPlans {
        toxics = List.copyOf(toxics);
    }

    /**
     * The toxics of a fault.
     *
     * @param name unique, so that their counters begin with the fault
     */
    static ToxicPlans of(Fault.OnNetwork fault, String name) {
        return switch (fault) {
            case Fault.Refuse refuse -> throw new IllegalArgumentException("no toxic makes " + refuse);
            case Fault.Reset ignored ->
                plans(
                        name,
                        Kind.RESET_PEER,
                        Direction.BOTH,
                        Map.of("timeout", AT_ONCE_MILLIS),
                        ToxicEffects::connectionsReset,
                        "connections reset");
            case Fault.Latency(String proxy, Duration latency, Duration jitter, Set<Direction> directions) ->
                plans(
                        name,
                        Kind.LATENCY,
                        directions,
                        Map.of("latency", latency.toMillis(), "jitter", jitter.toMillis()),
                        ToxicEffects::chunksDelayed,
                        "chunks delayed");
            case Fault.Bandwidth(String proxy, long rate, Set<Direction> directions) ->
                plans(
                        name,
                        Kind.BANDWIDTH,
                        directions,
                        Map.of("rate", rate),
                        ToxicEffects::bytesHeld,
                        "bytes held back");
            case Fault.Blackhole(String proxy, Set<Direction> directions) ->
                plans(
                        name,
                        Kind.TIMEOUT,
                        directions,
                        Map.of("timeout", UNTIL_REMOVED),
                        ToxicEffects::bytesDropped,
                        "bytes swallowed");
            case Fault.LimitData(String proxy, long bytes, Direction direction) ->
                plans(
                        name,
                        Kind.LIMIT_DATA,
                        Set.of(direction),
                        Map.of("bytes", bytes),
                        ToxicEffects::connectionsCut,
                        "connections cut");
            case Fault.SlowClose(String proxy, Duration delay, Set<Direction> directions) ->
                plans(
                        name,
                        Kind.SLOW_CLOSE,
                        directions,
                        Map.of("delay", delay.toMillis()),
                        ToxicEffects::closesDelayed,
                        "closes delayed");
            case Fault.Slicer slicer ->
                plans(
                        name,
                        Kind.SLICER,
                        slicer.directions(),
                        Map.of(
                                "average_size", (long) slicer.averageSize(),
                                "size_variation", (long) slicer.sizeVariation(),
                                "delay", slicer.pause().toNanos() / NANOS_PER_MICRO),
                        ToxicEffects::chunksSliced,
                        "slices cut");
        };
    }

    private static ToxicPlans plans(
            String name,
            Kind kind,
            Set<Direction> directions,
            Map<String, Long> attributes,
            ToLongFunction<ToxicEffects> bitten,
            String evidence) {
        List<ToxicPlan> toxics = directions.stream()
                .sorted(Comparator.naturalOrder())
                .map(direction -> new ToxicPlan(name + "_" + direction.label(), kind, direction, attributes))
                .toList();
        return new ToxicPlans(toxics, bitten, evidence);
    }
}

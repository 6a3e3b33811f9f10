package org.pgrehearse.chaos;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgrehearse.chaos.network.ToxicPlan;
import org.pgrehearse.chaos.network.ToxicPlan.Kind;
import org.pgrehearse.chaos.proxy.Direction;
import org.pgrehearse.chaos.proxy.Effects.ToxicEffects;

/**
 * The toxics that make a fault, all of one kind.
 *
 * @param toxics one for each direction, with names of their own, so that their counters begin with the fault
 */
record ToxicPlans(Kind kind, List<ToxicPlan> toxics) {
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
     * @param name unique
     */
    static ToxicPlans of(Fault.OnNetwork fault, String name) {
        return switch (fault) {
            case Fault.Refuse refuse -> throw new IllegalArgumentException("no toxic makes " + refuse);
            case Fault.CutCommit cut -> throw new IllegalArgumentException("no toxic makes " + cut);
            case Fault.AtPoint at -> throw new IllegalArgumentException("no toxic makes " + at);
            case Fault.Reset ignored -> plans(name, Kind.RESET_PEER, Direction.BOTH, Map.of("timeout", AT_ONCE_MILLIS));
            case Fault.Latency latency -> plans(name, Kind.LATENCY, latency.directions(), attributes(latency));
            case Fault.Bandwidth thin ->
                plans(name, Kind.BANDWIDTH, thin.directions(), Map.of("rate", thin.kilobytesPerSecond()));
            case Fault.Blackhole hole -> plans(name, Kind.TIMEOUT, hole.directions(), Map.of("timeout", UNTIL_REMOVED));
            case Fault.LimitData limit ->
                plans(name, Kind.LIMIT_DATA, Set.of(limit.direction()), Map.of("bytes", limit.bytes()));
            case Fault.SlowClose slow ->
                plans(
                        name,
                        Kind.SLOW_CLOSE,
                        slow.directions(),
                        Map.of("delay", slow.delay().toMillis()));
            case Fault.Slicer slicer -> plans(name, Kind.SLICER, slicer.directions(), attributes(slicer));
        };
    }

    /** How much of what a toxic did shows that the fault took effect. */
    long bitten(ToxicEffects effects) {
        return switch (kind) {
            case LATENCY -> effects.chunksDelayed();
            case BANDWIDTH -> effects.bytesHeld();
            case SLOW_CLOSE -> effects.closesDelayed();
            case TIMEOUT -> effects.bytesDropped();
            case RESET_PEER -> effects.connectionsReset();
            case SLICER -> effects.chunksSliced();
            case LIMIT_DATA -> effects.connectionsCut();
        };
    }

    /** What {@link #bitten} counts. */
    String evidence() {
        return switch (kind) {
            case LATENCY -> "chunks delayed";
            case BANDWIDTH -> "bytes held back";
            case SLOW_CLOSE -> "closes delayed";
            case TIMEOUT -> "bytes swallowed";
            case RESET_PEER -> "connections reset";
            case SLICER -> "slices cut";
            case LIMIT_DATA -> "connections cut";
        };
    }

    private static Map<String, Long> attributes(Fault.Latency fault) {
        return Map.of(
                "latency", fault.latency().toMillis(), "jitter", fault.jitter().toMillis());
    }

    private static Map<String, Long> attributes(Fault.Slicer fault) {
        return Map.of(
                "average_size", (long) fault.averageSize(),
                "size_variation", (long) fault.sizeVariation(),
                "delay", fault.pause().toNanos() / NANOS_PER_MICRO);
    }

    private static ToxicPlans plans(String name, Kind kind, Set<Direction> directions, Map<String, Long> attributes) {
        List<ToxicPlan> toxics = directions.stream()
                .sorted(Comparator.naturalOrder())
                .map(direction -> new ToxicPlan(name + "_" + direction.label(), kind, direction, attributes))
                .toList();
        return new ToxicPlans(kind, toxics);
    }
}

package org.pgrehearse.chaos.proxy;

import java.time.Duration;

/** A toxic's hold on one flow, with the state that belongs to both. Guarded by the flow's lock. */
final class Grip {
    /** A shaped line sends in steps of this length, so that even slow rates are smooth. */
    private static final Duration BANDWIDTH_STEP = Duration.ofMillis(100);

    private static final long BYTES_PER_KILOBYTE = 1000;
    private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

    private final ToxicTally tally;
    private final Dice dice;
    private Behavior behavior;
    private long sinceNanos;
    private long freeNanos;
    private long bytesPassed;

    Grip(ToxicTally tally, Dice dice, Behavior behavior, long nowNanos) {
        this.tally = tally;
        this.dice = dice;
        this.behavior = behavior;
        this.sinceNanos = nowNanos;
    }

    ToxicTally tally() {
        return tally;
    }

    Behavior behavior() {
        return behavior;
    }

    /** Takes changed attributes; timers start again, counts go on. */
    void become(Behavior changed, long nowNanos) {
        if (!behavior.equals(changed)) {
            behavior = changed;
            sinceNanos = nowNanos;
            freeNanos = Math.min(freeNanos, nowNanos);
        }
    }

    /** When it ends the connection, whether or not a byte arrives. */
    long deadlineNanos() {
        return switch (behavior) {
            case Behavior.Timeout(Duration timeout) when timeout.isPositive() -> sinceNanos + timeout.toNanos();
            case Behavior.ResetPeer(Duration timeout) when timeout.isPositive() -> sinceNanos + timeout.toNanos();
            case Behavior.LimitData(long bytes) when bytes > 0 && bytesPassed >= bytes -> 0;
            case Behavior _ignored -> Move.Wait.FOREVER;
        };
    }

    Ending ending() {
        return behavior instanceof Behavior.ResetPeer ? Ending.RESET : Ending.CLOSE;
    }

    /** How many bytes of a chunk it lets go at once. */
    int lengthAtMost(Chunk chunk, int length) {
        return switch (behavior) {
            case Behavior.Bandwidth(long rate) -> (int) Math.min(length, Math.max(1, bytesIn(rate, BANDWIDTH_STEP)));
            case Behavior.LimitData(long bytes) -> (int) Math.min(length, Math.max(0, bytes - bytesPassed));
            case Behavior.Slicer slicer
            when length > slicer.averageSize() + slicer.sizeVariation() ->
                slicer.averageSize()
                        + (int) dice.of(chunk.number()).of(chunk.offset()).around(slicer.sizeVariation());
            case Behavior _ignored -> length;
        };
    }

    /** Whether it is the one that cut this length off the chunk. */
    boolean slices(Chunk chunk, int length) {
        return behavior instanceof Behavior.Slicer
                && length < chunk.remaining()
                && length == lengthAtMost(chunk, chunk.remaining());
    }

    /** When it lets a piece go that could go at {@code dueNanos} without it. */
    long dueNanos(Chunk chunk, int length, long dueNanos) {
        return switch (behavior) {
            case Behavior.Latency(Duration latency, Duration jitter) ->
                dueNanos
                        + Math.max(
                                0, latency.toNanos() + dice.of(chunk.number()).around(jitter.toNanos()));
            case Behavior.Bandwidth(long rate) when rate == 0 -> Move.Wait.FOREVER;
            case Behavior.Bandwidth(long rate) ->
                Math.max(dueNanos, freeNanos) + length * NANOS_PER_SECOND / (rate * BYTES_PER_KILOBYTE);
            case Behavior.Slicer _slicer -> Math.max(dueNanos, freeNanos);
            case Behavior _ignored -> dueNanos;
        };
    }

    /** Notes that a piece that was due then has gone now. */
    void passed(int length, long dueNanos, long nowNanos) {
        bytesPassed += length;
        switch (behavior) {
            // A stalled reader must not earn a burst for the time it stalled.
            case Behavior.Bandwidth _rate -> freeNanos = Math.max(dueNanos, nowNanos - BANDWIDTH_STEP.toNanos());
            case Behavior.Slicer slicer -> freeNanos = nowNanos + slicer.delay().toNanos();
            case Behavior _ignored -> {}
        }
    }

    private static long bytesIn(long kilobytesPerSecond, Duration time) {
        return kilobytesPerSecond
                * BYTES_PER_KILOBYTE
                * time.toMillis()
                / Duration.ofSeconds(1).toMillis();
    }
}

package org.pgrehearse.chaos.proxy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one flow, and the toxics that decide when it goes. Knows no thread, no clock and no socket: whoever
 * guards it asks for the next {@link Move} and tells what was done.
 */
final class Line {
    /** With nothing to delay chunks, about as much waits as would in a socket's buffer. */
    static final int BYTES_WAITING_MAX = 64 * 1024;

    /** With latency, the line holds what a long cable would hold. */
    static final int BYTES_WAITING_WITH_LATENCY_MAX = 1024 * 1024;

    private static final long STILL_OPEN = -1;

    private final Deque<Chunk> chunks = new ArrayDeque<>();
    private List<Grip> grips = List.of();
    private int bytesWaiting;
    private long endedNanos = STILL_OPEN;
    private boolean closeDelayed;
    private @Nullable Ending interruption;

    List<Grip> grips() {
        return grips;
    }

    void hold(List<Grip> changed) {
        grips = List.copyOf(changed);
    }

    /** Whether a chunk may overtake the line because nothing waits and nothing holds it. */
    boolean isClear() {
        return chunks.isEmpty() && grips.isEmpty();
    }

    boolean isFull() {
        return bytesWaiting >= capacity();
    }

    int bytesWaiting() {
        return bytesWaiting;
    }

    void add(Chunk chunk) {
        chunks.add(chunk);
        bytesWaiting += chunk.remaining();
    }

    /** Notes the end of the stream. */
    void end(long nowNanos) {
        endedNanos = nowNanos;
    }

    /** Ends the connection like this once everything that waits has gone. */
    void interrupt(Ending ending) {
        interruption = ending;
    }

    /** The first chunk; there must be one. */
    Chunk first() {
        return chunks.getFirst();
    }

    /** What to do now. Counts the delays it imposes. */
    Move next(long nowNanos) {
        long wake = Move.Wait.FOREVER;
        for (Grip grip : grips) {
            long deadline = grip.deadlineNanos();
            if (deadline <= nowNanos) {
                return new Move.Sever(grip, grip.ending());
            }
            wake = Math.min(wake, deadline);
        }
        Chunk head = chunks.peekFirst();
        if (head != null) {
            return nextFor(head, nowNanos, wake);
        }
        Ending ordered = interruption;
        if (ordered != null) {
            return new Move.Interrupt(ordered);
        }
        return endedNanos == STILL_OPEN ? new Move.Wait(wake) : nextForEnd(nowNanos, wake);
    }

    /** Notes that the first chunk was passed on, in part or whole. */
    void passed(Move.Pass pass, long nowNanos) {
        bytesWaiting -= pass.length();
        Chunk head = first();
        grips.stream()
                .filter(grip -> grip.slices(head, pass.length()))
                .forEach(grip -> grip.tally().chunksSliced.increment());
        head.advance(pass.length());
        if (head.remaining() == 0) {
            chunks.removeFirst();
        }
        grips.forEach(grip -> grip.passed(pass.length(), pass.dueNanos(), nowNanos));
    }

    /** Throws the first chunk away; answers how many bytes that were. */
    int drop() {
        int dropped = chunks.removeFirst().remaining();
        bytesWaiting -= dropped;
        return dropped;
    }

    /** Throws everything away; answers how many bytes that were. */
    int dropAll() {
        int dropped = bytesWaiting;
        chunks.clear();
        bytesWaiting = 0;
        return dropped;
    }

    private Move nextFor(Chunk head, long nowNanos, long wake) {
        int length = head.remaining();
        long due = head.arrivedNanos();
        for (Grip grip : grips) {
            if (refuses(grip)) {
                return refusal(grip, wake);
            }
            length = grip.lengthAtMost(head, length);
            if (length == 0) {
                return new Move.Sever(grip, grip.ending());
            }
        }
        List<Grip> delaying = new ArrayList<>();
        for (Grip grip : grips) {
            long later = grip.dueNanos(head, length, due);
            if (later > due && later > nowNanos) {
                delaying.add(grip);
            }
            due = Math.max(due, later);
            if (due == Move.Wait.FOREVER) {
                break;
            }
        }
        if (due <= nowNanos) {
            return new Move.Pass(length, due);
        }
        countDelay(head, delaying);
        return new Move.Wait(Math.min(wake, due));
    }

    private static boolean refuses(Grip grip) {
        return grip.behavior() instanceof Behavior.Timeout || grip.behavior() instanceof Behavior.ResetPeer;
    }

    private static Move refusal(Grip grip, long wake) {
        if (grip.behavior() instanceof Behavior.Timeout) {
            return new Move.Drop(grip);
        }
        // A reset that is not due yet lets nothing through any more.
        boolean waits = grip.deadlineNanos() != Move.Wait.FOREVER;
        return waits ? new Move.Wait(wake) : new Move.Sever(grip, grip.ending());
    }

    private void countDelay(Chunk head, List<Grip> delaying) {
        if (head.firstDelay()) {
            delaying.forEach(grip -> {
                grip.tally().chunksDelayed.increment();
                grip.tally().bytesHeld.add(head.remaining());
            });
        }
    }

    private Move nextForEnd(long nowNanos, long wake) {
        long due = endedNanos;
        Grip slowest = null;
        for (Grip grip : grips) {
            if (grip.behavior() instanceof Behavior.ResetPeer && grip.deadlineNanos() == Move.Wait.FOREVER) {
                return new Move.Sever(grip, grip.ending());
            }
            if (grip.behavior() instanceof Behavior.SlowClose slow
                    && slow.delay().isPositive()) {
                due += slow.delay().toNanos();
                slowest = grip;
            }
        }
        if (due <= nowNanos) {
            return new Move.Finish();
        }
        countSlowClose(slowest);
        return new Move.Wait(Math.min(wake, due));
    }

    private void countSlowClose(@Nullable Grip slowest) {
        if (slowest != null && !closeDelayed) {
            closeDelayed = true;
            slowest.tally().closesDelayed.increment();
        }
    }

    private int capacity() {
        boolean latency = grips.stream().anyMatch(grip -> grip.behavior() instanceof Behavior.Latency);
        return latency ? BYTES_WAITING_WITH_LATENCY_MAX : BYTES_WAITING_MAX;
    }
}

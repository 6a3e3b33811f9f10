package org.pgrehearse.reports.analysis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.LockWait;
import org.pgrehearse.reports.journal.Side;

/**
 * Queues for locks, put together from what was seen at each look: all sessions that wait for one session, whoever
 * stands between them, are one queue for as long as anybody waits for it. Keeps the longest ones and counts all.
 */
final class LockBook {
    private static final int QUEUES_KEPT_MAX = 200;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<Side, Map<Integer, Open>> open = new EnumMap<>(Side.class);
    private final List<LockQueue> ended = new ArrayList<>();
    private long looks;
    private long count;
    private long longestNanos;

    /** A queue that somebody still waits in. */
    private static final class Open {
        private final long startNanos;
        private final LockWait head;
        private long lastNanos;
        private int sessionsMax;
        private long longestNanos;

        Open(LockWait head, long startNanos) {
            this.head = head;
            this.startNanos = startNanos;
        }

        void see(long atNanos, int sessions, long longest) {
            lastNanos = atNanos;
            sessionsMax = Math.max(sessionsMax, sessions);
            longestNanos = Math.max(longestNanos, longest);
        }

        LockQueue queue(Side side, long endNanos) {
            return new LockQueue(
                    side,
                    startNanos,
                    endNanos,
                    head.blocker(),
                    head.blockerState(),
                    head.blockerStatement(),
                    head.waiter(),
                    head.statement(),
                    head.mode(),
                    head.object(),
                    sessionsMax,
                    longestNanos);
        }
    }

    void add(Event.LockWaits look) {
        looks++;
        Map<Integer, Open> known = open.computeIfAbsent(look.side(), side -> new LinkedHashMap<>());
        Map<Integer, List<LockWait>> queues = queues(look.waits());
        queues.forEach((blocker, waits) -> {
            LockWait head = head(blocker, waits);
            long longest = waits.stream()
                    .mapToLong(wait -> Math.round(wait.seconds() * NANOS_PER_SECOND))
                    .max()
                    .orElse(0);
            int sessions =
                    (int) waits.stream().mapToInt(LockWait::pid).distinct().count();
            known.computeIfAbsent(blocker, pid -> new Open(head, Math.max(0, look.atNanos() - longest)))
                    .see(look.atNanos(), sessions, longest);
            longestNanos = Math.max(longestNanos, longest);
        });
        known.entrySet().removeIf(entry -> {
            if (queues.containsKey(entry.getKey())) {
                return false;
            }
            end(entry.getValue().queue(look.side(), look.atNanos()));
            return true;
        });
    }

    /** The sessions behind each session that waits for nobody; a circle of sessions is behind its lowest number. */
    private static Map<Integer, List<LockWait>> queues(List<LockWait> waits) {
        Map<Integer, Set<Integer>> blockers = new HashMap<>();
        waits.forEach(wait ->
                blockers.computeIfAbsent(wait.pid(), pid -> new HashSet<>()).add(wait.blockerPid()));
        Map<Integer, List<LockWait>> queues = new LinkedHashMap<>();
        for (LockWait wait : waits) {
            for (int root : roots(wait.blockerPid(), blockers)) {
                queues.computeIfAbsent(root, pid -> new ArrayList<>()).add(wait);
            }
        }
        return queues;
    }

    private static Set<Integer> roots(int from, Map<Integer, Set<Integer>> blockers) {
        Set<Integer> seen = new HashSet<>(Set.of(from));
        Set<Integer> roots = new HashSet<>();
        Deque<Integer> ahead = new ArrayDeque<>(Set.of(from));
        while (!ahead.isEmpty()) {
            int pid = ahead.pop();
            Set<Integer> further = blockers.get(pid);
            if (further == null) {
                roots.add(pid);
            } else {
                further.stream().filter(seen::add).forEach(ahead::push);
            }
        }
        return roots.isEmpty()
                ? Set.of(seen.stream().min(Comparator.naturalOrder()).orElse(from))
                : roots;
    }

    /** The one that waits for the blocker itself, and for the longest time. */
    private static LockWait head(int blocker, List<LockWait> waits) {
        return waits.stream()
                .filter(wait -> wait.blockerPid() == blocker)
                .max(Comparator.comparingDouble(LockWait::seconds))
                .orElse(waits.getFirst());
    }

    private void end(LockQueue queue) {
        count++;
        ended.add(queue);
        if (ended.size() > 2 * QUEUES_KEPT_MAX) {
            ended.sort(Comparator.comparingLong(LockQueue::longestNanos).reversed());
            ended.subList(QUEUES_KEPT_MAX, ended.size()).clear();
        }
    }

    /** Everything seen so far. */
    LockQueues queues() {
        long all = count + open.values().stream().mapToInt(Map::size).sum();
        return new LockQueues(looks, all, longestNanos, kept());
    }

    private List<LockQueue> kept() {
        List<LockQueue> all = new ArrayList<>(ended);
        open.forEach((side, queues) -> queues.values().forEach(queue -> all.add(queue.queue(side, queue.lastNanos))));
        return all.stream()
                .sorted(Comparator.comparingLong(LockQueue::longestNanos).reversed())
                .limit(QUEUES_KEPT_MAX)
                .sorted(Comparator.comparingLong(LockQueue::startNanos))
                .toList();
    }
}

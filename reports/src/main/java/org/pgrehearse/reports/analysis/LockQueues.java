package org.pgrehearse.reports.analysis;

import java.util.List;

/**
 * Queues for locks.
 *
 * @param looks how often somebody looked
 * @param count how many queues were seen
 * @param longestNanos the longest wait of all
 * @param longest the queues with the longest waits, in the order of time
 */
public record LockQueues(long looks, long count, long longestNanos, List<LockQueue> longest) {
    public LockQueues {
        longest = List.copyOf(longest);
    }
}

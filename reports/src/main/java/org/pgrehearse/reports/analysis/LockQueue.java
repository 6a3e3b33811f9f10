package org.pgrehearse.reports.analysis;

import org.pgrehearse.reports.journal.Side;

/**
 * Sessions that waited for one session, directly or behind each other.
 *
 * @param startNanos when the first of them was seen waiting, less the time it had waited by then
 * @param endNanos when none was seen any longer; when it was last seen if that never came
 * @param blocker the application that held the lock, or what the session was
 * @param blockerState such as {@code idle in transaction}; empty when unknown
 * @param blockerStatement what it ran, or had run last, without values
 * @param first the application at the head of the queue
 * @param firstStatement what that one waited to run, without values
 * @param mode of the lock it waited for
 * @param object what that lock is on
 * @param sessionsMax how many sessions waited at once
 * @param longestNanos the longest wait among them
 */
public record LockQueue(
        Side side,
        long startNanos,
        long endNanos,
        String blocker,
        String blockerState,
        String blockerStatement,
        String first,
        String firstStatement,
        String mode,
        String object,
        int sessionsMax,
        long longestNanos) {}

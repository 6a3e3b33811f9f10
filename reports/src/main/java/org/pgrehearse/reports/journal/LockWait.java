package org.pgrehearse.reports.journal;

/**
 * One session waits for another.
 *
 * @param pid of the session that waits
 * @param waiter its application, or what it is
 * @param statement what it runs, without values
 * @param mode of the lock it waits for
 * @param object what the lock is on: a table, or a kind such as {@code transactionid}
 * @param seconds how long it has waited at least, or run the statement
 * @param blockerPid of the session it waits for; 0 for a prepared transaction
 * @param blocker that session's application, or what it is
 * @param blockerState such as {@code idle in transaction}
 * @param blockerStatement what that session runs, or ran last, without values
 */
public record LockWait(
        int pid,
        String waiter,
        String statement,
        String mode,
        String object,
        double seconds,
        int blockerPid,
        String blocker,
        String blockerState,
        String blockerStatement) {}

package org.pgrehearse.verifier;

/**
 * How a comparison under replication went.
 *
 * @param rounds how many pairs of snapshots were compared
 * @param fromLsn where the source's snapshot of the last round stands in its write-ahead log
 * @param toLsn a position of the source's log that the target's snapshot of the last round does not go beyond
 * @param unresolved differences that a change between these two positions may explain, in all tables together
 */
public record Live(int rounds, String fromLsn, String toLsn, long unresolved) {}

package org.pgrehearse.verifier.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * When a snapshot was taken, in the server's own terms.
 *
 * @param lsn a position in the write-ahead log at or shortly after that moment: everything seen was written before it;
 *     null when the snapshot was taken by somebody else
 * @param visible which transactions it sees, as {@code txid_current_snapshot()} says it: two snapshots of a server with
 *     the same text see the same
 */
public record Moment(@Nullable String lsn, String visible) {}

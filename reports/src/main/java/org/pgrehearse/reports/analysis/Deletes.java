package org.pgrehearse.reports.analysis;

import java.util.Optional;

/**
 * Whether rows that acknowledged writes had deleted are there again, on the side that writes belonged to when the run
 * ended.
 *
 * @param keys how many rows of recorded tables acknowledged writes deleted
 * @param resurrected how many of them are there again, although the delete itself is, and no write that may be later
 *     inserted them anew
 * @param doubt why a count of zero proves nothing; empty when it does
 */
public record Deletes(long keys, long resurrected, String doubt) {
    /** Why a count of zero proves nothing; empty when it does. */
    public Optional<String> reasonToDoubt() {
        return doubt.isEmpty() ? Optional.empty() : Optional.of(doubt);
    }
}

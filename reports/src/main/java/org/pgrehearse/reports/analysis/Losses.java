package org.pgrehearse.reports.analysis;

/**
 * Acknowledged writes that the authoritative side does not hold, by what became of them. Authoritative means the side
 * that writes belonged to when the run ended.
 *
 * @param stranded only on the other side
 * @param overwritten the authoritative side has a row of it, and it is another transaction's than the acknowledged one
 * @param vanished on neither side
 * @param unplaced the other side's ledger could not tell
 * @param neverReplicated of all these, written on the source beyond what the target had applied when authority moved
 * @param beforeApplied of all these, written on the source before that position: what was lost there was lost on the
 *     way or on the target, or committed later than it wrote
 */
public record Losses(
        long stranded, long overwritten, long vanished, long unplaced, long neverReplicated, long beforeApplied) {
    /** All of them. */
    public long total() {
        return stranded + overwritten + vanished + unplaced;
    }

    /** Those of which no position, or no applied one, was told. */
    public long positionUnknown() {
        return total() - neverReplicated - beforeApplied;
    }
}

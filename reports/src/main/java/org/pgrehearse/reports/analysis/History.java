package org.pgrehearse.reports.analysis;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of every write, found by holding the journal against both ledgers. Authoritative means the side that
 * writes belonged to when the run ended.
 *
 * @param writes writes attempted, by load and sentinel
 * @param losses acknowledged writes that the authoritative side does not hold
 * @param lostUnknown outcome unknown to the client, committed on the other side only; nobody was promised these
 * @param duplicated token held more than once by one side
 * @param resurrected failed for the client, yet in a ledger
 * @param unresolved outcome unknown, and the ledgers cannot tell either
 * @param resolvedCommitted outcome unknown to the client, and on the authoritative side
 * @param resolvedAborted outcome unknown to the client, and on neither side
 * @param leaks the ways past a fence, the one with the most writes first
 * @param fenced whether any side was ever fenced
 * @param staleReads acknowledged reads executed on a side that was not authoritative when they started
 * @param deletes whether deleted rows are there again
 * @param splitBrain null when none is proven
 * @param stories the operations that prove the above
 * @param doubt why absence in a ledger proves nothing; empty when it does
 * @param strangers ledger rows and operations that do not belong together; empty when there are none
 */
public record History(
        long writes,
        Losses losses,
        long lostUnknown,
        long duplicated,
        long resurrected,
        long unresolved,
        long resolvedCommitted,
        long resolvedAborted,
        List<Leak> leaks,
        boolean fenced,
        long staleReads,
        Deletes deletes,
        @Nullable SplitBrain splitBrain,
        List<Story> stories,
        String doubt,
        String strangers) {
    public History {
        leaks = List.copyOf(leaks);
        stories = List.copyOf(stories);
    }

    /** How many acknowledged writes the authoritative side does not hold. */
    public long lost() {
        return losses.total();
    }

    /** How many writes were executed on a side although they started after that side was fenced. */
    public long leaked() {
        return leaks.stream().mapToLong(Leak::writes).sum();
    }

    /** How many of the lost writes are only on the other side. */
    public long stranded() {
        return losses.stranded();
    }

    /** How many of the lost writes are on neither side. */
    public long vanished() {
        return losses.vanished();
    }

    /** How many of the lost writes the other side's ledger cannot place. */
    public long unplaced() {
        return losses.unplaced();
    }

    /** Why a count of zero proves nothing; empty when it does. */
    public Optional<String> reasonToDoubt() {
        if (writes == 0) {
            return Optional.of("no write was recorded");
        }
        return doubt.isEmpty() ? Optional.empty() : Optional.of(doubt);
    }
}

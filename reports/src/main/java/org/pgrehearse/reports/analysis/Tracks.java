package org.pgrehearse.reports.analysis;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Side;

/** What each write left behind: how often its token is in each ledger, and in which row first. */
final class Tracks {
    private static final int NO_ROW = -1;

    private final Attempts attempts;
    private final Ledger source;
    private final Ledger target;
    private final int[] sourceRows;
    private final int[] targetRows;
    private final byte[] sourceCounts;
    private final byte[] targetCounts;
    private final BitSet repeated = new BitSet();
    private final BitSet sourceForeign = new BitSet();
    private final BitSet targetForeign = new BitSet();
    private long unaccountedRows;
    private long unaccountedToken;

    Tracks(Attempts attempts, Ledger source, Ledger target) {
        this.attempts = attempts;
        this.source = source;
        this.target = target;
        int size = attempts.size();
        sourceRows = new int[size];
        targetRows = new int[size];
        sourceCounts = new byte[size];
        targetCounts = new byte[size];
        TokenIndex index = index();
        follow(source, index, sourceRows, sourceCounts, sourceForeign);
        follow(target, index, targetRows, targetCounts, targetForeign);
    }

    /** How often the ledger of this side holds the token of this attempt; at most 127 is told. */
    int count(int attempt, Side side) {
        return side == Side.SOURCE ? sourceCounts[attempt] : targetCounts[attempt];
    }

    /** The first row in the ledger of this side; only where the count is not 0. */
    int row(int attempt, Side side) {
        return side == Side.SOURCE ? sourceRows[attempt] : targetRows[attempt];
    }

    /**
     * Whether every row that this side holds of the attempt is another transaction's than the one its server named to
     * the client. False when there is no row, or the client was told no transaction.
     */
    boolean foreign(int attempt, Side side) {
        return (side == Side.SOURCE ? sourceForeign : targetForeign).get(attempt);
    }

    /** The first row of an attempt, for a reader; only where the count is not 0. */
    String rowTold(int attempt, Side side) {
        Ledger ledger = ledger(side);
        int row = row(attempt, side);
        return "xid " + ledger.xid(row) + " of the " + Words.of(ledger.executedOn(row)) + ", written at "
                + new Lsn(ledger.lsn(row));
    }

    Ledger ledger(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /** The side that certainly executed and committed this write; null when that is not known. */
    @Nullable
    Side executedOn(int attempt) {
        Side said = attempts.side(attempt);
        if (attempts.acknowledged(attempt) && said != null) {
            return said;
        }
        if (sourceCounts[attempt] > 0) {
            return source.executedOn(sourceRows[attempt]);
        }
        return targetCounts[attempt] > 0 ? target.executedOn(targetRows[attempt]) : null;
    }

    /** The write position of this attempt as it or a ledger says; 0 when nobody does. */
    long lsn(int attempt) {
        if (sourceCounts[attempt] > 0) {
            return source.lsn(sourceRows[attempt]);
        }
        return targetCounts[attempt] > 0 ? target.lsn(targetRows[attempt]) : attempts.lsn(attempt);
    }

    /** How many attempts carry a token that an earlier one carries. */
    long repeatedTokens() {
        return repeated.cardinality();
    }

    /** Whether an earlier attempt carries the same token, so that no ledger can tell the two apart. */
    boolean repeated(int attempt) {
        return repeated.get(attempt);
    }

    /** How many ledger rows no recorded attempt explains. */
    long unaccountedRows() {
        return unaccountedRows;
    }

    /** One token among the unaccounted rows. */
    long unaccountedToken() {
        return unaccountedToken;
    }

    private int writes() {
        int writes = 0;
        for (int i = 0; i < attempts.size(); i++) {
            writes += attempts.write(i) ? 1 : 0;
        }
        return writes;
    }

    private TokenIndex index() {
        TokenIndex index = new TokenIndex(writes(), attempts::token);
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.write(i) && !index.put(attempts.token(i), i)) {
                repeated.set(i);
            }
        }
        return index;
    }

    private void follow(Ledger ledger, TokenIndex index, int[] rows, byte[] counts, BitSet foreign) {
        Arrays.fill(rows, NO_ROW);
        for (int row = 0; row < ledger.size(); row++) {
            if (ledger.token(row) < 0) {
                continue; // the instrument's own row, which no operation wrote
            }
            int attempt = index.get(ledger.token(row));
            if (attempt == TokenIndex.ABSENT) {
                unaccountedRows++;
                unaccountedToken = ledger.token(row);
            } else if (counts[attempt]++ == 0) {
                rows[attempt] = row;
                foreign.set(attempt, !wroteRow(attempt, ledger, row));
            } else {
                counts[attempt] = counts[attempt] < 0 ? Byte.MAX_VALUE : counts[attempt];
                foreign.set(attempt, foreign.get(attempt) && !wroteRow(attempt, ledger, row));
            }
        }
    }

    /** Whether the transaction that the attempt was told of may be the row's own. */
    private boolean wroteRow(int attempt, Ledger ledger, int row) {
        Side said = attempts.side(attempt);
        return said == null
                || attempts.xid(attempt) < 0
                || (attempts.xid(attempt) == ledger.xid(row) && said == ledger.executedOn(row));
    }
}

package org.pgrehearse.reports.anomaly;

import java.util.ArrayList;
import java.util.List;
import org.pgrehearse.reports.journal.Event;

/**
 * The recorded transactions of a run, to be given in the order of the journal and then judged once. Not safe for use by
 * many threads.
 *
 * <p>The way is Elle's: reads of lists and versions of registers tell in which order the versions of each key were
 * installed; from that follow the dependencies between transactions (Adya's {@code ww}, {@code wr} and {@code rw}); a
 * cycle in them is an anomaly, named after its edges. Transactions of unknown outcome count as committed once somebody
 * read what they wrote. Nothing is guessed: an order that nobody saw is no order.
 */
public final class TransactionHistory {
    private final Cases cases = new Cases();
    private final Transactions transactions = new Transactions(cases);

    /**
     * What is over by then counts as the baseline too: it happened without the migration. Without a call nothing does.
     */
    public void baselineUntil(long nanos) {
        cases.baselineUntil(nanos);
    }

    /** Takes the next transaction in. */
    public void add(Event.Transaction transaction) {
        transactions.add(transaction);
    }

    /** How many transactions were taken in. */
    public int size() {
        return transactions.size();
    }

    /**
     * Which keys both sides acknowledged writes of after authority had moved.
     *
     * @param moves real changes of authority, in order of time
     */
    public Forks forks(List<Event.AuthorityMoved> moves) {
        return moves.isEmpty() ? Forks.none() : new ForkSearch(transactions).search(moves);
    }

    /** What they reveal; call once. */
    public Anomalies judge() {
        if (transactions.size() == 0) {
            return Anomalies.none();
        }
        VersionOrders orders = new VersionOrders(transactions);
        ReadChecks reads = new ReadChecks(transactions, orders);
        reads.check();
        SessionChecks sessions = new SessionChecks(transactions, orders);
        sessions.check();
        CycleSearch cycles = new CycleSearch(transactions, new Dependencies(transactions, orders));
        cycles.search();
        return new Anomalies(
                transactions.size(),
                committed(orders),
                reads.placed(),
                cases.found(),
                sessions.greatestStaleness(),
                doubt(orders, reads, cycles));
    }

    private long committed(VersionOrders orders) {
        long committed = 0;
        for (int each = 0; each < transactions.size(); each++) {
            committed += switch (transactions.outcome(each)) {
                case ACKNOWLEDGED -> 1;
                case FAILED -> 0;
                case UNKNOWN -> seen(each, orders) ? 1 : 0;
            };
        }
        return committed;
    }

    private boolean seen(int transaction, VersionOrders orders) {
        for (int write = transactions.writesStart(transaction); write < transactions.writesEnd(transaction); write++) {
            if (orders.rank(write) != VersionOrders.NONE) {
                return true;
            }
        }
        return false;
    }

    private String doubt(VersionOrders orders, ReadChecks reads, CycleSearch cycles) {
        List<String> doubts = new ArrayList<>();
        if (reads.placed() == 0) {
            doubts.add("no acknowledged transaction read a key that was recorded, so no order is known");
        }
        if (orders.repeatedValues() > 0) {
            doubts.add(orders.repeatedValues() + " writes repeat a value of their key, so reads of it tell nothing");
        }
        if (orders.versionsOutOfRange() > 0) {
            doubts.add(orders.versionsOutOfRange() + " versions of registers are out of range");
        }
        if (cycles.exhausted()) {
            doubts.add("the search for cycles met its bound, so more may be there");
        }
        return String.join("; ", doubts);
    }
}

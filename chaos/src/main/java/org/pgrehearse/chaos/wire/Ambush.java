package org.pgrehearse.chaos.wire;

import java.util.concurrent.atomic.AtomicLong;

/** An order that stands, and what came of it. Safe for use by many threads. */
public final class Ambush {
    private final Order order;
    private final AtomicLong occasions = new AtomicLong();
    private final AtomicLong turns = new AtomicLong();
    private final AtomicLong bites = new AtomicLong();
    private final AtomicLong blind = new AtomicLong();
    private volatile boolean over;

    Ambush(Order order) {
        this.order = order;
    }

    /** What was ordered. */
    public Order order() {
        return order;
    }

    /** How often it acted, counted when it really did. */
    public long bites() {
        return bites.get();
    }

    /** On how many connections it could not have acted, because nobody can read them. */
    public long blindConnections() {
        return blind.get();
    }

    boolean isOver() {
        return over;
    }

    void end() {
        over = true;
    }

    /** Counts an occasion; answers whether it is one to act on. */
    boolean takesTurn() {
        if (over || occasions.incrementAndGet() % order.turns().every() != 0) {
            return false;
        }
        return turns.incrementAndGet() <= order.turns().times();
    }

    void bit() {
        bites.incrementAndGet();
    }

    void couldNotSee(long connections) {
        blind.addAndGet(connections);
    }
}

package org.pgrehearse.reports.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.TransactionHistory;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/** Writes a history of transactions by hand. Each takes 5 ms, one every 10 ms, each in a session of its own. */
public final class TransactionBuilder {
    private final List<Event.Transaction> events = new ArrayList<>();
    private Isolation isolation;
    private double at = 10;
    private double length = 5;
    private int process;

    /** A history of transactions of this level. */
    public TransactionBuilder(Isolation isolation) {
        this.isolation = isolation;
    }

    /** What an append is. */
    public static Action append(long key, long value) {
        return new Action.Append(key, value);
    }

    /** What a read of a list is. */
    public static Action list(long key, Long... values) {
        return new Action.ReadList(key, Arrays.asList(values));
    }

    /** What a write of a register is. */
    public static Action write(long key, long value, @Nullable Long version) {
        return new Action.Write(key, value, version);
    }

    /** What a read of a register is. */
    public static Action register(long key, @Nullable Long value, long version) {
        return new Action.ReadRegister(key, value, version);
    }

    /** From now on transactions ask for this level. */
    public TransactionBuilder level(Isolation next) {
        isolation = next;
        return this;
    }

    /** From now on all transactions overlap: each lasts so many milliseconds. */
    public TransactionBuilder lasting(double millis) {
        length = millis;
        return this;
    }

    /** An acknowledged transaction. */
    public TransactionBuilder ok(Action... actions) {
        return transaction(1_000 + process++, Outcome.ACKNOWLEDGED, actions);
    }

    /** An acknowledged transaction of a session. */
    public TransactionBuilder by(int session, Action... actions) {
        return transaction(session, Outcome.ACKNOWLEDGED, actions);
    }

    /** A transaction that certainly had no effect. */
    public TransactionBuilder failed(Action... actions) {
        return transaction(1_000 + process++, Outcome.FAILED, actions);
    }

    /** A transaction whose fate its client does not know. */
    public TransactionBuilder unknown(Action... actions) {
        return transaction(1_000 + process++, Outcome.UNKNOWN, actions);
    }

    private TransactionBuilder transaction(int session, Outcome outcome, Action... actions) {
        long started = JournalBuilder.ms(at);
        long ended = JournalBuilder.ms(at + length);
        events.add(new Event.Transaction(
                ended,
                "lists",
                session,
                started,
                started,
                ended,
                outcome,
                Side.SOURCE,
                isolation,
                Arrays.asList(actions)));
        at += 10;
        return this;
    }

    /** All transactions as events. */
    public List<Event.Transaction> events() {
        return List.copyOf(events);
    }

    /** What they reveal. */
    public Anomalies judged() {
        TransactionHistory history = new TransactionHistory();
        events.forEach(history::add);
        return history.judge();
    }
}

package org.pgrehearse.reports.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.analysis.Judge;
import org.pgrehearse.reports.analysis.Judgement;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.verifier.Verification;

/** Writes a small journal by hand. Times are milliseconds of the run; tokens count up from 1. */
public final class JournalBuilder {
    private static final long LATENCY_MILLIS = 2;

    private final List<Event> events = new ArrayList<>();
    private final List<Event.LedgerRow> source = new ArrayList<>();
    private final List<Event.LedgerRow> target = new ArrayList<>();
    private final List<String> expectations;
    private long token;

    /** A journal of a scenario that expects this. */
    public JournalBuilder(String... expectations) {
        this.expectations = List.of(expectations);
    }

    /** Nanoseconds of so many milliseconds. */
    public static long ms(double millis) {
        return Math.round(millis * TimeUnit.MILLISECONDS.toNanos(1));
    }

    /** Adds any event. */
    public JournalBuilder event(Event event) {
        events.add(event);
        return this;
    }

    /** The token of the operation or probe added last. */
    public long token() {
        return token;
    }

    /** An acknowledged write that reached this ledger. */
    public JournalBuilder write(double millis, Side side) {
        return attempt(millis, Outcome.ACKNOWLEDGED, side).row(side, token, side);
    }

    /** A write with an outcome and no row in any ledger. */
    public JournalBuilder attempt(double millis, Outcome outcome, @Nullable Side side) {
        return operation(true, millis, millis + LATENCY_MILLIS, outcome, side);
    }

    /** A read that was acknowledged. */
    public JournalBuilder read(double millis, Side side) {
        return operation(false, millis, millis + LATENCY_MILLIS, Outcome.ACKNOWLEDGED, side);
    }

    /** Any operation of the load. */
    public JournalBuilder operation(boolean write, double start, double end, Outcome outcome, @Nullable Side side) {
        token++;
        boolean fine = outcome == Outcome.ACKNOWLEDGED;
        return event(new Event.Operation(
                ms(end),
                "shop",
                "app-1",
                write ? "place-order" : "look",
                write,
                token,
                ms(start),
                ms(start),
                ms(end),
                outcome,
                side,
                fine ? 700 + token : null,
                fine && write ? "0/" + Long.toHexString(0x1000 + token) : null,
                fine ? null : "08006",
                fine ? null : "connection lost"));
    }

    /** An acknowledged write by one session of a role, from the pool of an instance, that reached this ledger. */
    public JournalBuilder writeBy(String role, String instance, int backend, double millis, Side side) {
        token++;
        event(new Event.Operation(
                ms(millis + LATENCY_MILLIS),
                "shop",
                instance,
                "place-order",
                true,
                token,
                ms(millis),
                ms(millis),
                ms(millis + LATENCY_MILLIS),
                Outcome.ACKNOWLEDGED,
                side,
                700 + token,
                "0/" + Long.toHexString(0x1000 + token),
                null,
                null,
                role,
                backend));
        return row(side, token, side);
    }

    /** A row in the ledger of one side. */
    public JournalBuilder row(Side ledger, long rowToken, Side executedOn) {
        (ledger == Side.SOURCE ? source : target)
                .add(new Event.LedgerRow(
                        rowToken, executedOn, 700 + rowToken, "0/" + Long.toHexString(0x1000 + rowToken)));
        return this;
    }

    /** A row of an operation in one side's ledger that another transaction of this side wrote. */
    public JournalBuilder foreignRow(Side ledger, long rowToken, Side executedOn) {
        (ledger == Side.SOURCE ? source : target)
                .add(new Event.LedgerRow(
                        rowToken, executedOn, 90_000 + rowToken, "0/" + Long.toHexString(0x9000 + rowToken)));
        return this;
    }

    /** A probe that answered after so many milliseconds. */
    public JournalBuilder probe(boolean write, double intended, double latency, Outcome outcome, @Nullable Side side) {
        token++;
        boolean fine = outcome == Outcome.ACKNOWLEDGED;
        return event(new Event.Probe(
                ms(intended + latency),
                write,
                token % 2 == 0,
                token,
                ms(intended),
                ms(intended),
                ms(intended + latency),
                outcome,
                side,
                null,
                null,
                fine ? null : "57P01",
                fine ? null : "terminating connection",
                null,
                null));
    }

    /** The sentinel planned a probe every 10 ms, with a deadline of 500 ms, and stopped. */
    public JournalBuilder sentinel(double start, double stop) {
        event(new Event.SentinelPlan(ms(start), ms(start), ms(10), ms(500), -1));
        return event(new Event.SentinelPlan(ms(stop), ms(start), ms(10), ms(500), ms(stop)));
    }

    /** Write probes every 10 ms, each answered by this side and kept in its ledger. */
    public JournalBuilder goodProbes(double from, double until, Side side) {
        for (double at = from; at < until; at += 10) {
            probe(true, at, LATENCY_MILLIS, Outcome.ACKNOWLEDGED, side).row(side, token, side);
        }
        return this;
    }

    /** Write probes every 10 ms, each refused at once. */
    public JournalBuilder refusedProbes(double from, double until) {
        for (double at = from; at < until; at += 10) {
            probe(true, at, 1, Outcome.FAILED, null);
        }
        return this;
    }

    /** Authority moved. */
    public JournalBuilder moved(double millis, Side side) {
        return event(new Event.AuthorityMoved(ms(millis), side));
    }

    /** A side was fenced. */
    public JournalBuilder fenced(double millis, Side side) {
        return event(new Event.Fenced(ms(millis), side, "0/2000"));
    }

    /** The databases were compared. */
    public JournalBuilder verified(Verification verification) {
        return event(new Event.Verified(ms(9_000), verification));
    }

    /** Copies every row of the source's ledger to the target's, as replication does. */
    public JournalBuilder replicated() {
        target.addAll(source);
        return this;
    }

    /** Both ledgers are read completely. */
    public JournalBuilder ledgersRead() {
        return ledgerRead(Side.SOURCE, true).ledgerRead(Side.TARGET, true);
    }

    /** One side's ledger is read as far as it was written so far. */
    public JournalBuilder ledgerRead(Side side, boolean complete) {
        List<Event.LedgerRow> rows = side == Side.SOURCE ? source : target;
        event(new Event.LedgerPage(ms(9_500), side, rows));
        return event(
                new Event.LedgerRead(ms(9_500), side, rows.size(), complete, complete ? "" : "connection refused"));
    }

    /** All events of a run that ended well. */
    public List<Event> closed() {
        return closed(Event.Ending.COMPLETED);
    }

    /** All events of a run that ended so. */
    public List<Event> closed(Event.Ending ending) {
        List<Event> all = open();
        all.add(new Event.RunClosed(ms(10_000), ending, ""));
        return all;
    }

    /** All events of a run that never ended. */
    public List<Event> open() {
        List<Event> all = new ArrayList<>();
        all.add(new Event.RunOpened(
                0,
                Instant.parse("2026-01-02T03:04:05Z"),
                "0.1.0",
                "logical-cutover",
                "A cutover by hand.",
                42,
                "name: logical-cutover\n",
                expectations,
                Map.of("java", "25")));
        all.addAll(events);
        return all;
    }

    /** The judgement of a run that ended well. */
    public Judgement judged() {
        return Judge.judge(closed());
    }
}

package org.pgrehearse.reports.journal;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.Verification;

/**
 * One thing that happened during a rehearsal. Times are nanoseconds on the run's one monotonic clock, whose zero is the
 * opening of the run. A verdict is a pure function of a sequence of these.
 */
public sealed interface Event {
    /** When it was recorded. Events are not guaranteed to be in this order. */
    long atNanos();

    /**
     * The run began; always the first event.
     *
     * @param scenarioYaml the resolved scenario, as text
     * @param expectations one line each, such as {@code lost-writes = 0}
     * @param environment what a reader needs to run it again: versions, machine, settings
     */
    record RunOpened(
            long atNanos,
            Instant startedAt,
            String toolVersion,
            String scenario,
            String description,
            long seed,
            String scenarioYaml,
            List<String> expectations,
            Map<String, String> environment)
            implements Event {
        public RunOpened {
            expectations = List.copyOf(expectations);
            environment = Map.copyOf(environment);
        }
    }

    /** A fact about the environment that became known later, such as a server's version. */
    record EnvironmentFact(long atNanos, String name, String value) implements Event {}

    /** A phase of the run began; it ends where the next one begins or the run closes. */
    record PhaseStarted(long atNanos, String name) implements Event {}

    /** A step of the runbook began. */
    record StepStarted(long atNanos, String step, String description) implements Event {}

    /** A step of the runbook ended. */
    record StepEnded(long atNanos, String step, StepResult result, String detail) implements Event {}

    /** How a step ended. */
    enum StepResult {
        DONE,
        FAILED,
        UNDONE,
        SKIPPED
    }

    /** From now on this side is the one that writes belong to. */
    record AuthorityMoved(long atNanos, Side side) implements Event {}

    /** From now on no write may commit on this side. */
    record Fenced(long atNanos, Side side, String lsn) implements Event {}

    /** An earlier fence on this side was lifted. */
    record FenceLifted(long atNanos, Side side) implements Event {}

    /**
     * One operation of the load, recorded when its outcome was known to the client.
     *
     * @param workload name of the load, such as {@code shop}
     * @param instance the application instance that issued it
     * @param transaction kind of transaction, such as {@code place-order}
     * @param write whether it wrote, and so inserted its token into the ledger
     * @param token identifies the operation in the ledger; unique in the run
     * @param intendedNanos when the schedule wanted it to start
     * @param startedNanos when it really started; equals {@code endedNanos} when it never got a connection
     * @param side the side that executed it, as that side itself said; null when it never said
     * @param xid transaction id on that side; null when unknown
     * @param lsn write position on that side inside the transaction, a lower bound of its commit; null when unknown
     * @param sqlState of the failure; null when there was none
     * @param message of the failure; null when there was none
     * @param role the database role that the instance logs in as; null when it is not recorded
     * @param backend process id of the backend that executed it, as that side said; null when it never did
     */
    record Operation(
            long atNanos,
            String workload,
            String instance,
            String transaction,
            boolean write,
            long token,
            long intendedNanos,
            long startedNanos,
            long endedNanos,
            Outcome outcome,
            @Nullable Side side,
            @Nullable Long xid,
            @Nullable String lsn,
            @Nullable String sqlState,
            @Nullable String message,
            @Nullable String role,
            @Nullable Integer backend)
            implements Event {
        /** An operation of which neither role nor backend is recorded. */
        public Operation(
                long atNanos,
                String workload,
                String instance,
                String transaction,
                boolean write,
                long token,
                long intendedNanos,
                long startedNanos,
                long endedNanos,
                Outcome outcome,
                @Nullable Side side,
                @Nullable Long xid,
                @Nullable String lsn,
                @Nullable String sqlState,
                @Nullable String message) {
            this(
                    atNanos,
                    workload,
                    instance,
                    transaction,
                    write,
                    token,
                    intendedNanos,
                    startedNanos,
                    endedNanos,
                    outcome,
                    side,
                    xid,
                    lsn,
                    sqlState,
                    message,
                    null,
                    null);
        }
    }

    /**
     * One probe of the sentinel. A probe that was judged late keeps running until its truth is known, and is recorded
     * then. A write probe inserts its token into the ledger as every write does.
     *
     * @param write whether it is the write probe
     * @param fresh whether it opened a connection of its own
     * @param endedNanos when the answer came; for a failure, when it became known
     * @param role the database role that the sentinel logs in as; null when it is not recorded
     * @param backend process id of the backend that executed it, as that side said; null when it never did
     */
    record Probe(
            long atNanos,
            boolean write,
            boolean fresh,
            long token,
            long intendedNanos,
            long startedNanos,
            long endedNanos,
            Outcome outcome,
            @Nullable Side side,
            @Nullable Long xid,
            @Nullable String lsn,
            @Nullable String sqlState,
            @Nullable String message,
            @Nullable String role,
            @Nullable Integer backend)
            implements Event {}

    /**
     * One transaction of a load whose history is checked for isolation, recorded when its outcome was known to the
     * client. Every attempt is recorded, a failed one too: a value that nobody may see is as telling as one that
     * everybody must.
     *
     * @param process the session that ran it: one transaction at a time, and a new number after an unknown outcome
     * @param intendedNanos when the schedule wanted it to start
     * @param startedNanos before its first statement was sent
     * @param endedNanos after the answer to its commit
     * @param side the side that executed it, as that side itself said; null when it never said
     * @param isolation what it asked for
     * @param actions in the order of their execution; a read whose answer never came is left out
     */
    record Transaction(
            long atNanos,
            String workload,
            int process,
            long intendedNanos,
            long startedNanos,
            long endedNanos,
            Outcome outcome,
            @Nullable Side side,
            Isolation isolation,
            List<Action> actions)
            implements Event {
        public Transaction {
            actions = List.copyOf(actions);
        }
    }

    /**
     * A total that the load keeps was read in one snapshot, such as the sum of all balances of a bank.
     *
     * @param name of what was summed up
     * @param rows how many rows were summed up
     * @param expected what every snapshot has to show
     */
    record TotalRead(
            long atNanos,
            String name,
            long startedNanos,
            long endedNanos,
            @Nullable Side side,
            long rows,
            long sum,
            long expected)
            implements Event {}

    /**
     * Two tables that are always written in the same transactions were compared in one snapshot.
     *
     * @param name of the pair, such as {@code orders and orders_twin}
     * @param onlyFirst rows of the first without their like in the second
     * @param example one row that differs; empty when none does
     */
    record TwinsRead(
            long atNanos,
            String name,
            long startedNanos,
            long endedNanos,
            @Nullable Side side,
            long onlyFirst,
            long onlySecond,
            String example)
            implements Event {}

    /**
     * A sequence handed out a number in a transaction of the load.
     *
     * @param process the session that got it
     * @param outcome of the transaction that used the number
     */
    record IdIssued(
            long atNanos,
            String sequence,
            int process,
            long startedNanos,
            long endedNanos,
            Outcome outcome,
            @Nullable Side side,
            long id)
            implements Event {}

    /**
     * The sentinel's plan, recorded when it starts and again when it stops.
     *
     * @param intervalNanos time between two intended probes of one class: the resolution of every downtime
     * @param deadlineNanos lateness after which a probe counts as hard down
     * @param stoppedNanos first instant without intended probes; -1 while it runs
     */
    record SentinelPlan(long atNanos, long startedNanos, long intervalNanos, long deadlineNanos, long stoppedNanos)
            implements Event {}

    /** A fault was asked for. */
    record FaultAsked(long atNanos, String name, String kind, String place, String detail) implements Event {}

    /** A fault was seen to bite. */
    record FaultBit(long atNanos, String name, String evidence) implements Event {}

    /**
     * One edge of a fault: it began or ended somewhere between the request and its confirmation.
     *
     * @param began whether it is the edge of its beginning
     */
    record FaultEdge(long atNanos, String name, boolean began, long requestNanos, long confirmedNanos)
            implements Event {}

    /** A fault was healed, or could not be. */
    record FaultHealed(long atNanos, String name, boolean healed, String detail) implements Event {}

    /**
     * One reading of a monitor.
     *
     * @param monitor such as {@code replication-lag-bytes}; the unit ends the name
     */
    record Sample(long atNanos, String monitor, double value) implements Event {}

    /** How large one table, its indexes and its TOAST were; recorded when that has changed. */
    record TableSize(long atNanos, Side side, String table, long heapBytes, long indexBytes, long toastBytes)
            implements Event {}

    /** How much of one table's heap was dead rows, and how much was free, by pgstattuple_approx. */
    record TableBloat(long atNanos, Side side, String table, double deadPercent, double freePercent) implements Event {}

    /** Who waited for whose lock on one side when it was looked at; empty when nobody does any longer. */
    record LockWaits(long atNanos, Side side, List<LockWait> waits) implements Event {
        public LockWaits {
            waits = List.copyOf(waits);
        }
    }

    /** The last position of the source that the target had applied when it was read. */
    record Applied(long atNanos, String sourceLsn) implements Event {}

    /** A part of what one side's ledger held when everything was quiet. */
    record LedgerPage(long atNanos, Side side, List<LedgerRow> rows) implements Event {
        public LedgerPage {
            rows = List.copyOf(rows);
        }
    }

    /**
     * One row of a ledger.
     *
     * @param token of the operation that wrote it; below zero for rows that the instrument wrote for itself
     * @param executedOn the side that executed the write, from a column default evaluated there
     */
    record LedgerRow(long token, Side executedOn, long xid, String lsn) {}

    /**
     * One side's ledger was read.
     *
     * @param complete whether all of it was read; if not, nothing can be concluded from a row's absence
     */
    record LedgerRead(long atNanos, Side side, long rows, boolean complete, String detail) implements Event {}

    /**
     * Keys of rows that a write deleted and inserted, in a table whose deletes are looked after.
     *
     * @param token of the write
     * @param columns of the key; each key is one text for each of them
     */
    record KeysWritten(
            long atNanos,
            long token,
            String table,
            List<String> columns,
            List<List<String>> deleted,
            List<List<String>> inserted)
            implements Event {
        public KeysWritten {
            columns = List.copyOf(columns);
            deleted = deleted.stream().map(List::copyOf).toList();
            inserted = inserted.stream().map(List::copyOf).toList();
        }
    }

    /**
     * One side was asked, when everything was quiet, which of the rows that the load had deleted it holds.
     *
     * @param asked how many keys it answered for; {@code doubt} says why when it did not
     */
    record DeletedRead(long atNanos, Side side, String table, long asked, List<List<String>> found, String doubt)
            implements Event {
        public DeletedRead {
            found = found.stream().map(List::copyOf).toList();
        }
    }

    /**
     * A guard stopped the runbook and sent it on its way back.
     *
     * @param guard as the scenario writes it, such as {@code write-downtime < 3s}
     * @param reading what was seen, with its unit
     */
    record GuardFired(long atNanos, String guard, String reading) implements Event {}

    /**
     * Writes of users were acknowledged again, one after the other, after the way back that a guard had ordered.
     *
     * @param sinceNanos when the first of these writes was intended
     */
    record ServiceReturned(long atNanos, Side side, long sinceNanos) implements Event {}

    /** The databases were compared. */
    record Verified(long atNanos, Verification verification) implements Event {}

    /** Something that makes the recording unfit to prove what it should: a dead worker, a failed read. */
    record Trouble(long atNanos, String where, String message) implements Event {}

    /** A remark for the reader. */
    record Remark(long atNanos, String text) implements Event {}

    /** The run ended; always the last event. A journal without it belongs to a run that died. */
    record RunClosed(long atNanos, Ending ending, String detail) implements Event {}

    /** How a run ended. */
    enum Ending {
        /** The runbook ran to its end, or to the end of its way back. */
        COMPLETED,
        /** A step failed and its way back was run. */
        ABORTED,
        /** A signal ended it. */
        INTERRUPTED,
        /** It could not go on. */
        BROKEN
    }
}

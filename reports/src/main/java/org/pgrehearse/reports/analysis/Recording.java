package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.anomaly.TransactionHistory;
import org.pgrehearse.reports.invariant.InvariantBook;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.verifier.Verification;

/** Everything a journal says, sorted by subject: one pass over its events fills it. Not for many threads. */
final class Recording {
    private static final String WARM_UP = "warm-up";
    private static final int TROUBLES_KEPT_MAX = 100;
    private static final int REMARKS_KEPT_MAX = 100;

    final Attempts attempts = new Attempts();
    final Ledger source = new Ledger(Side.SOURCE);
    final Ledger target = new Ledger(Side.TARGET);
    final AppliedPositions applied = new AppliedPositions();
    final Monitors monitors = new Monitors();
    final LockBook locks = new LockBook();
    final FaultBook faults = new FaultBook();
    final Map<String, String> environment = new TreeMap<>();
    final List<String> troubles = new ArrayList<>();
    final List<String> remarks = new ArrayList<>();
    final TransactionHistory transactions = new TransactionHistory();
    final InvariantBook invariants = new InvariantBook();
    final DeleteBook deletes = new DeleteBook();
    final SizeBook sizes = new SizeBook();
    final List<Event.GuardFired> firings = new ArrayList<>();
    private final List<Event.PhaseStarted> phases = new ArrayList<>();
    private final List<Event> steps = new ArrayList<>();
    private final List<Event.AuthorityMoved> moves = new ArrayList<>();
    private final List<Event.Fenced> fenced = new ArrayList<>();
    private final List<Event.FenceLifted> lifted = new ArrayList<>();
    private final Map<Long, Event.SentinelPlan> plans = new LinkedHashMap<>();
    private long troubleCount;
    private long end;
    private Event.@Nullable RunOpened opened;
    private Event.@Nullable RunClosed closed;
    private @Nullable Verification verification;

    void accept(Event event) {
        end = Math.max(end, event.atNanos());
        switch (event) {
            case Event.Operation operation -> attempts.add(operation);
            case Event.Probe probe -> attempts.add(probe);
            case Event.Transaction transaction -> transactions.add(transaction);
            case Event.TotalRead read -> invariants.add(read);
            case Event.TwinsRead read -> invariants.add(read);
            case Event.IdIssued issued -> invariants.add(issued);
            case Event.Sample sample -> monitors.add(sample);
            case Event.TableSize size -> sizes.add(size);
            case Event.TableBloat bloat -> sizes.add(bloat);
            case Event.LockWaits look -> locks.add(look);
            case Event.Applied reading -> applied.add(reading);
            case Event.LedgerPage page -> ledger(page.side()).add(page);
            case Event.LedgerRead read -> ledger(read.side()).add(read);
            case Event.KeysWritten keys -> deletes.add(keys);
            case Event.DeletedRead read -> deletes.add(read);
            case Event.RunOpened run -> open(run);
            case Event.EnvironmentFact fact -> environment.put(fact.name(), fact.value());
            case Event.PhaseStarted phase -> phase(phase);
            case Event.StepStarted step -> steps.add(step);
            case Event.StepEnded step -> steps.add(step);
            case Event.AuthorityMoved move -> moves.add(move);
            case Event.Fenced fence -> fenced.add(fence);
            case Event.FenceLifted lift -> lifted.add(lift);
            case Event.SentinelPlan plan -> plan(plan);
            case Event.FaultAsked fault -> faults.add(fault);
            case Event.FaultBit fault -> faults.add(fault);
            case Event.FaultEdge fault -> faults.add(fault);
            case Event.FaultHealed fault -> faults.add(fault);
            case Event.Verified verified -> verification = verified.verification();
            case Event.GuardFired fired -> fire(fired);
            case Event.ServiceReturned returned -> serve(returned);
            case Event.Trouble trouble -> trouble(trouble.where() + ": " + trouble.message());
            case Event.Remark remark -> remark(remark.text());
            case Event.RunClosed run -> closed = run;
        }
    }

    /** Something about the recording itself that makes it unfit to prove things. */
    void trouble(String text) {
        troubleCount++;
        if (troubles.size() < TROUBLES_KEPT_MAX) {
            troubles.add(text);
        }
    }

    long troubleCount() {
        return troubleCount;
    }

    Event.@Nullable RunOpened opened() {
        return opened;
    }

    /** Whether something that is no part of the scenario ended the run. */
    boolean brokeOff() {
        Event.RunClosed end = closed();
        return end != null && (end.ending() == Event.Ending.BROKEN || end.ending() == Event.Ending.INTERRUPTED);
    }

    Event.@Nullable RunClosed closed() {
        return closed;
    }

    @Nullable
    Verification verification() {
        return verification;
    }

    /** The time of the latest event. */
    long end() {
        return end;
    }

    Authority authority() {
        return new Authority(moves);
    }

    Fences fences() {
        return new Fences(fenced, lifted);
    }

    List<Event.SentinelPlan> plans() {
        return plans.values().stream()
                .sorted(Comparator.comparingLong(Event.SentinelPlan::startedNanos))
                .toList();
    }

    List<Phase> phases() {
        phases.sort(Comparator.comparingLong(Event.PhaseStarted::atNanos));
        List<Phase> all = new ArrayList<>();
        for (int i = 0; i < phases.size(); i++) {
            long until = i + 1 < phases.size() ? phases.get(i + 1).atNanos() : end;
            all.add(new Phase(phases.get(i).name(), phases.get(i).atNanos(), until));
        }
        return all;
    }

    List<StepRecord> steps() {
        return new StepBook(steps, end).records();
    }

    private Ledger ledger(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /** Whatever happens before the phase after the warm-up happens without the migration. */
    private void phase(Event.PhaseStarted phase) {
        boolean warming = !phases.isEmpty() && phases.getLast().name().equals(WARM_UP);
        if (phase.name().equals(WARM_UP)) {
            baselineUntil(Long.MAX_VALUE);
        } else if (warming) {
            baselineUntil(phase.atNanos());
        }
        phases.add(phase);
    }

    private void baselineUntil(long nanos) {
        transactions.baselineUntil(nanos);
        invariants.baselineUntil(nanos);
    }

    private void open(Event.RunOpened run) {
        opened = run;
        environment.putAll(run.environment());
    }

    private void plan(Event.SentinelPlan plan) {
        if (plan.intervalNanos() <= 0) {
            trouble("sentinel: it was planned with an interval of " + plan.intervalNanos() + " ns");
        } else {
            plans.merge(plan.startedNanos(), plan, (one, other) -> one.stoppedNanos() >= 0 ? one : other);
        }
    }

    private void fire(Event.GuardFired fired) {
        firings.add(fired);
        remark("Guard " + fired.guard() + " stopped the runbook at " + Words.instant(fired.atNanos()) + ": "
                + fired.reading() + ".");
    }

    private void serve(Event.ServiceReturned returned) {
        remark("Service returned: from " + Words.instant(returned.sinceNanos())
                + " on, writes were acknowledged on the " + Words.of(returned.side()) + " again"
                + (firings.isEmpty()
                        ? "."
                        : ", "
                                + Words.duration(Math.max(
                                        0,
                                        returned.sinceNanos()
                                                - firings.getFirst().atNanos())) + " after the guard fired."));
    }

    private void remark(String text) {
        if (remarks.size() < REMARKS_KEPT_MAX) {
            remarks.add(text);
        }
    }
}

package org.pgrehearse.reports.analysis;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.Anomaly;
import org.pgrehearse.reports.anomaly.Forks;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/** Looks up what was measured of the thing that an expectation speaks of. */
final class Observer {
    private static final double THOUSANDTHS = 1_000;

    private Observer() {}

    static Observed observe(Gate gate, Measures m) {
        return switch (gate) {
            case LOST_WRITES -> counted(m.history(), m.history().lost());
            case LOST_UNKNOWN_WRITES -> counted(m.history(), m.history().lostUnknown());
            case DUPLICATED_WRITES -> counted(m.history(), m.history().duplicated());
            case RESURRECTED_WRITES -> counted(m.history(), m.history().resurrected());
            case RESURRECTED_DELETES -> deletes(m.history());
            case UNRESOLVED_WRITES -> unresolved(m.history());
            case SPLIT_BRAIN -> splitBrain(m.history());
            case LEAKED_WRITES -> leaked(m.history());
            case FORKED_KEYS -> forks(m.forks());
            case ISOLATION_ANOMALIES -> anomalies(m.anomalies(), m.anomalies().forbidden());
            case STALE_READS -> anomalies(m.anomalies(), m.anomalies().forbidden(Anomaly.STALE_READ));
            case SESSION_ANOMALIES -> anomalies(m.anomalies(), m.anomalies().sessionViolations());
            case TOTALS_BROKEN -> broken(m.invariants(), Invariants.Kind.TOTAL, "no total was read");
            case TWINS_BROKEN -> broken(m.invariants(), Invariants.Kind.TWINS, "no twin tables were compared");
            case REISSUED_IDS ->
                broken(m.invariants(), Invariants.Kind.SEQUENCE, "no acknowledged number of a sequence was recorded");
            case WRITE_DOWNTIME -> downtime(m.write(), m.write().totalNanos());
            case READ_DOWNTIME -> downtime(m.read(), m.read().totalNanos());
            case LONGEST_WRITE_DOWNTIME -> downtime(m.write(), m.write().longestNanos());
            case LONGEST_READ_DOWNTIME -> downtime(m.read(), m.read().longestNanos());
            case ANY_READ_DOWNTIME ->
                downtime(m.outages().anyRead(), m.outages().anyRead().totalNanos());
            case CONNECT_DOWNTIME ->
                downtime(m.outages().connect(), m.outages().connect().totalNanos());
            case DATABASE_DOWNTIME ->
                downtime(m.outages().database(), m.outages().database().totalNanos());
            case CLIENT_DOWNTIME ->
                m.outages().database().doubt().isEmpty()
                        ? downtime(m.outages().pool(), m.outages().clientNanos())
                        : downtime(m.outages().database(), m.outages().clientNanos());
            case WRITE_HARD_DOWN -> downtime(m.write(), m.write().hardDownNanos());
            case READ_HARD_DOWN -> downtime(m.read(), m.read().hardDownNanos());
            case WRITE_DEGRADED -> downtime(m.write(), m.write().degradedNanos());
            case READ_DEGRADED -> downtime(m.read(), m.read().degradedNanos());
            case LONGEST_WRITE_STALL -> downtime(m.write(), m.write().stallNanos());
            case LONGEST_READ_STALL -> downtime(m.read(), m.read().stallNanos());
            case WRITE_RECOVERY -> recovery(m.write());
            case READ_RECOVERY -> recovery(m.read());
            case LONGEST_LOCK_WAIT -> lockWait(m.locks());
            case TABLE_GROWTH -> tableGrowth(m.sizes(), "");
            case UNEXPLAINED_DOWNTIME -> downtime(m.write(), m.outages().unexplainedNanos());
            case DATA -> verified(m, Observer::ofTables);
            case SEQUENCES -> verified(m, Observer::ofSequences);
            case SCHEMA -> verified(m, Observer::ofCatalog);
            case ACKNOWLEDGED_WRITES ->
                new Observed.Exactly(m.workload().writes().count());
            case WRITE_P99 -> p99(m.workload().writes(), "write");
            case READ_P99 -> p99(m.workload().reads(), "read");
            case FAILED_OPERATIONS -> failedOperations(m.workload());
            case ENDING -> ending(m);
        };
    }

    private static Observed counted(History history, long count) {
        return history.reasonToDoubt()
                .<Observed>map(reason -> new Observed.AtLeast(count, reason))
                .orElseGet(() -> new Observed.Exactly(count));
    }

    private static Observed unresolved(History history) {
        if (history.writes() == 0) {
            return new Observed.AtLeast(0, "no write was recorded");
        }
        return new Observed.Exactly(history.unresolved());
    }

    /** The greatest size of a table since the runbook began, in thousandths of the one before. */
    static Observed tableGrowth(List<TableGrowth> sizes, String table) {
        String name = table.contains(".") ? table : "public." + table;
        return sizes.stream()
                .filter(each -> each.table().equals(name) && each.before() > 0)
                .map(each -> Math.round(THOUSANDTHS * each.largest() / each.before()))
                .max(Long::compare)
                .<Observed>map(Observed.Exactly::new)
                .orElseGet(() -> new Observed.Nothing(
                        "not measured", "no size of " + name + " was read before the runbook began"));
    }

    private static Observed deletes(History history) {
        Deletes deletes = history.deletes();
        if (deletes.keys() == 0) {
            return new Observed.Nothing(
                    "nothing recorded", "no acknowledged write deleted a row of a table whose keys are recorded");
        }
        return deletes.reasonToDoubt()
                .<Observed>map(reason -> new Observed.AtLeast(deletes.resurrected(), reason))
                .orElseGet(() -> counted(history, deletes.resurrected()));
    }

    private static Observed splitBrain(History history) {
        if (history.splitBrain() != null) {
            return new Observed.Word("yes");
        }
        return history.reasonToDoubt()
                .<Observed>map(reason -> new Observed.Nothing("none seen", reason))
                .orElseGet(() -> new Observed.Word("no"));
    }

    private static Observed leaked(History history) {
        return history.fenced()
                ? counted(history, history.leaked())
                : new Observed.Nothing("nothing was fenced", "no side was ever fenced, so nothing could leak");
    }

    private static Observed forks(Forks forks) {
        return forks.writes() == 0
                ? new Observed.Nothing(
                        "nothing recorded", "no acknowledged write of a recorded key began after authority had moved")
                : new Observed.Exactly(forks.keys());
    }

    private static Observed anomalies(Anomalies anomalies, long count) {
        if (anomalies.transactions() == 0) {
            return new Observed.Nothing("nothing recorded", anomalies.doubt());
        }
        return anomalies.doubt().isEmpty()
                ? new Observed.Exactly(count)
                : new Observed.AtLeast(count, anomalies.doubt());
    }

    private static Observed broken(Invariants invariants, Invariants.Kind kind, String never) {
        return invariants.readings(kind) == 0
                ? new Observed.Nothing("never read", never)
                : new Observed.Exactly(invariants.broken(kind));
    }

    private static Observed downtime(Downtime downtime, long nanos) {
        return downtime.doubt().isEmpty()
                ? new Observed.Exactly(nanos)
                : new Observed.Nothing(
                        downtime.probes() == 0 ? "not measured" : Words.duration(nanos), downtime.doubt());
    }

    private static Observed recovery(Downtime downtime) {
        Downtime.Recovery recovery = downtime.recovery();
        return downtime.doubt().isEmpty() && !recovery.doubt().isEmpty()
                ? new Observed.Nothing("not measured", recovery.doubt())
                : downtime(downtime, recovery.longestNanos());
    }

    private static Observed lockWait(LockQueues locks) {
        return locks.looks() == 0
                ? new Observed.Nothing("not watched", "nobody looked at the servers' locks")
                : new Observed.Exactly(locks.longestNanos());
    }

    private static Observed verified(Measures measures, Function<Verification, Observed> part) {
        Verification verification = measures.verification();
        return verification == null
                ? new Observed.Nothing("not compared", "the databases were not compared")
                : part.apply(verification);
    }

    private static Observed ofTables(Verification verification) {
        Verdict verdict =
                verification.tables().stream().map(TableComparison::verdict).reduce(Verdict.CONSISTENT, Verdict::and);
        if (verdict == Verdict.CONSISTENT && verification.tables().isEmpty()) {
            return new Observed.Nothing("nothing compared", "no table was compared");
        }
        if (verdict == Verdict.CONSISTENT && !verification.doubts().isEmpty()) {
            Verification.Skipped skipped = verification.doubts().getFirst();
            return new Observed.Nothing(
                    "not all compared", skipped.object() + " was not compared: " + skipped.reason());
        }
        String reason = verification.tables().stream()
                .filter(table -> table.verdict() == Verdict.INCONCLUSIVE)
                .map(table -> table.source() + " was not compared: " + table.reason())
                .findFirst()
                .orElse("");
        return word(verdict, reason);
    }

    private static Observed ofSequences(Verification verification) {
        if (verification.sequences().isEmpty()) {
            return new Observed.Nothing("nothing compared", "no sequence was compared");
        }
        String reason = verification.sequences().stream()
                .filter(sequence -> sequence.verdict() == Verdict.INCONCLUSIVE)
                .map(sequence -> sequence.sequence() + " was not compared: " + sequence.reason())
                .findFirst()
                .orElse("");
        return word(
                verification.sequences().stream()
                        .map(SequenceComparison::verdict)
                        .reduce(Verdict.CONSISTENT, Verdict::and),
                reason);
    }

    private static Observed ofCatalog(Verification verification) {
        Stream<Verdict> verdicts = verification.catalog().stream().map(CatalogFinding::verdict);
        return word(verdicts.reduce(Verdict.CONSISTENT, Verdict::and), "");
    }

    private static Observed word(Verdict verdict, String reason) {
        return switch (verdict) {
            case CONSISTENT -> new Observed.Word("consistent");
            case DIVERGENT -> new Observed.Word("divergent");
            case INCONCLUSIVE -> new Observed.Nothing("inconclusive", reason);
        };
    }

    private static Observed p99(Workload.Latency latency, String kind) {
        return latency.count() == 0
                ? new Observed.Nothing("not measured", "no " + kind + " of the load was acknowledged")
                : new Observed.Exactly(latency.p99());
    }

    private static Observed failedOperations(Workload workload) {
        return workload.scheduled() == 0
                ? new Observed.Nothing("no operations", "no operation of the load was recorded")
                : new Observed.Exactly(workload.failed());
    }

    /** The failures of one kind of transaction, or with a star at the end of all whose names begin like this. */
    static Observed failedOperations(Workload workload, String kind) {
        List<Workload.Kind> meant = workload.kinds().stream()
                .filter(each -> kind.endsWith("*")
                        ? each.name().startsWith(kind.substring(0, kind.length() - 1))
                        : each.name().equals(kind))
                .toList();
        if (meant.isEmpty()) {
            String known = workload.kinds().stream().map(Workload.Kind::name).collect(Collectors.joining(", "));
            return new Observed.Nothing(
                    "no operations", "no operation named " + kind + " was recorded; there were: " + known);
        }
        return new Observed.Exactly(
                meant.stream().mapToLong(Workload.Kind::failed).sum());
    }

    private static Observed ending(Measures measures) {
        return measures.ending() == null
                ? new Observed.Nothing("not recorded", "the end of the run was not recorded")
                : new Observed.Word(measures.ending().name().toLowerCase(Locale.ROOT));
    }
}

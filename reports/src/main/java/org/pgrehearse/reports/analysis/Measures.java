package org.pgrehearse.reports.analysis;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.anomaly.Anomalies;
import org.pgrehearse.reports.anomaly.Forks;
import org.pgrehearse.reports.invariant.Invariants;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.verifier.Verification;

/**
 * What was measured, for expectations to look at.
 *
 * @param sizes the watched tables, the one that grew most first
 * @param verification the last comparison of the databases; null when there was none
 * @param ending null when the end of the run was not recorded
 */
record Measures(
        Downtime write,
        Downtime read,
        Outages outages,
        LockQueues locks,
        List<TableGrowth> sizes,
        History history,
        Anomalies anomalies,
        Forks forks,
        Invariants invariants,
        Workload workload,
        @Nullable Verification verification,
        Event.@Nullable Ending ending) {}

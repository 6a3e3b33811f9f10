package org.pgrehearse.verifier.sequence;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.Sequence;
import org.pgrehearse.verifier.catalog.TableName;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/**
 * Compares sequences: the next value on the target must lie beyond everything that the source handed out and beyond
 * everything that the target's columns already hold. A sequence of the source is matched by name, else by a column that
 * both feed.
 */
public final class SequenceComparer {
    private final Snapshot source;
    private final Snapshot target;
    private final Map<TableName, TableName> targetTables = new HashMap<>();
    private final Set<TableName> targetNames = new HashSet<>();
    private final boolean partial;

    /** A comparer for these tables' sequences, and for those that feed no table unless the selection is partial. */
    public SequenceComparer(Snapshot source, Snapshot target, List<TablePair> pairs, boolean partial) {
        this.source = source;
        this.target = target;
        this.partial = partial;
        for (TablePair pair : pairs) {
            targetTables.put(pair.sourceName(), pair.targetName());
            targetNames.add(pair.targetName());
        }
    }

    /** One result for each sequence of either side, in the order of the source's, then of the target's names. */
    public List<SequenceComparison> compare(List<Sequence> ofSource, List<Sequence> ofTarget)
            throws InterruptedException {
        List<Sequence> sourceSequences = ofSource.stream()
                .filter(one -> selected(one, targetTables.keySet()))
                .toList();
        List<Sequence> targetSequences =
                ofTarget.stream().filter(one -> selected(one, targetNames)).toList();
        try {
            return compare(
                    sourceSequences,
                    targetSequences,
                    SequenceReadings.states(source, sourceSequences),
                    SequenceReadings.states(target, targetSequences));
        } catch (ReadFailedException e) {
            String reason = e.reason("the sequences");
            return sourceSequences.stream()
                    .map(sequence -> unread(sequence.name(), null, null, reason))
                    .toList();
        }
    }

    private boolean selected(Sequence sequence, Set<TableName> tables) {
        return !partial || sequence.feeds().stream().anyMatch(fed -> tables.contains(fed.table()));
    }

    private List<SequenceComparison> compare(
            List<Sequence> sourceSequences,
            List<Sequence> targetSequences,
            Map<TableName, SequenceState> sourceStates,
            Map<TableName, SequenceState> targetStates)
            throws InterruptedException {
        List<SequenceComparison> results = new ArrayList<>();
        Set<TableName> matched = new HashSet<>();
        for (Sequence sequence : sourceSequences) {
            SequenceState state = sourceStates.get(sequence.name());
            Optional<Sequence> other = counterpart(sequence, targetSequences);
            if (other.isEmpty()) {
                results.add(result(sequence.name(), Verdict.DIVERGENT, "missing", last(state), null, null));
                continue;
            }
            matched.add(other.get().name());
            results.add(
                    state == null
                            ? unread(sequence.name(), null, null, notGranted(sequence.name(), "source"))
                            : judge(sequence.name(), state, other.get(), targetStates));
        }
        for (Sequence sequence : targetSequences) {
            if (!matched.contains(sequence.name())) {
                results.add(judge(sequence.name(), null, sequence, targetStates));
            }
        }
        return results;
    }

    private Optional<Sequence> counterpart(Sequence sequence, List<Sequence> targetSequences) {
        return targetSequences.stream()
                .filter(candidate -> candidate.name().equals(sequence.name()))
                .findFirst()
                .or(() -> targetSequences.stream()
                        .filter(candidate -> candidate.feeds().stream()
                                .anyMatch(fed -> sequence.feeds().stream().anyMatch(own -> sameColumn(own, fed))))
                        .findFirst());
    }

    private boolean sameColumn(Sequence.Fed onSource, Sequence.Fed onTarget) {
        return onSource.column().equals(onTarget.column())
                && onTarget.table().equals(targetTables.getOrDefault(onSource.table(), onSource.table()));
    }

    private SequenceComparison judge(
            TableName name,
            @Nullable SequenceState sourceState,
            Sequence onTarget,
            Map<TableName, SequenceState> targetStates)
            throws InterruptedException {
        SequenceState state = targetStates.get(onTarget.name());
        if (state == null) {
            return unread(name, last(sourceState), null, notGranted(onTarget.name(), "target"));
        }
        Optional<Long> furthest;
        try {
            furthest = SequenceReadings.furthest(target, onTarget);
        } catch (ReadFailedException e) {
            return unread(name, last(sourceState), last(state), e.reason("the columns fed by sequence " + name));
        }
        String kind = kind(sourceState, state, onTarget, furthest);
        Verdict verdict = kind.equals("ok") ? Verdict.CONSISTENT : Verdict.DIVERGENT;
        return result(name, verdict, kind, last(sourceState), last(state), furthest.orElse(null));
    }

    static String kind(
            @Nullable SequenceState sourceState, SequenceState state, Sequence onTarget, Optional<Long> furthest) {
        if (onTarget.cycles() && state.equals(sourceState)) {
            return "ok";
        }
        BigInteger next = state.next(onTarget);
        boolean upwards = onTarget.increment() > 0;
        if (furthest.isPresent() && !beyond(next, furthest.get(), upwards)) {
            return "behind-data";
        }
        Long sourceLast = last(sourceState);
        return sourceLast != null && !beyond(next, sourceLast, upwards) ? "behind-source" : "ok";
    }

    private static boolean beyond(BigInteger next, long other, boolean upwards) {
        int order = next.compareTo(BigInteger.valueOf(other));
        return upwards ? order > 0 : order < 0;
    }

    private static @Nullable Long last(@Nullable SequenceState state) {
        return state != null && state.called() ? Long.valueOf(state.value()) : null;
    }

    private static String notGranted(TableName name, String side) {
        return "Cannot read sequence " + name + " on " + side
                + ": permission denied (42501). Grant SELECT on it to the verifying role and run again.";
    }

    private static SequenceComparison unread(
            TableName name, @Nullable Long sourceLast, @Nullable Long targetLast, String reason) {
        return new SequenceComparison(
                name.toString(), Verdict.INCONCLUSIVE, "unread", sourceLast, targetLast, null, reason);
    }

    private static SequenceComparison result(
            TableName name,
            Verdict verdict,
            String kind,
            @Nullable Long sourceLast,
            @Nullable Long targetLast,
            @Nullable Long targetMax) {
        return new SequenceComparison(name.toString(), verdict, kind, sourceLast, targetLast, targetMax, null);
    }
}

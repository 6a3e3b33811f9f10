package org.pgrehearse.verifier.sequence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
            return Stream.concat(sourceSequences.stream(), targetSequences.stream())
                    .map(Sequence::name)
                    .distinct()
                    .map(name -> unread(name, null, null, reason))
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
                results.add(new SequenceComparison(
                        sequence.name().toString(), Verdict.DIVERGENT, "missing", last(state), null, null, null));
                continue;
            }
            matched.add(other.get().name());
            results.add(
                    state == null
                            ? unread(sequence.name(), null, null, notGranted(sequence.name(), "source"))
                            : judge(sequence.name(), sequence, state, other.get(), targetStates));
        }
        for (Sequence sequence : targetSequences) {
            if (!matched.contains(sequence.name())) {
                results.add(judge(sequence.name(), null, null, sequence, targetStates));
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
            @Nullable Sequence onSource,
            @Nullable SequenceState sourceState,
            Sequence onTarget,
            Map<TableName, SequenceState> targetStates)
            throws InterruptedException {
        SequenceState state = targetStates.get(onTarget.name());
        if (state == null) {
            return unread(name, last(sourceState), null, notGranted(onTarget.name(), "target"));
        }
        try {
            Standing standing =
                    new Standing(onSource, sourceState, onTarget, state, SequenceReadings.furthest(target, onTarget));
            Long next = state.next(onTarget).orElse(null);
            // The value is looked for only where it may be found: whole tables may have to be read for it.
            boolean looked = onTarget.cycles() || standing.kind(false).equals("behind-data");
            Boolean exists =
                    (next != null && looked) ? Boolean.valueOf(SequenceReadings.exists(target, onTarget, next)) : null;
            String kind = standing.kind(Boolean.TRUE.equals(exists));
            return new SequenceComparison(
                    name.toString(),
                    Standing.verdict(kind),
                    kind,
                    last(sourceState),
                    last(state),
                    standing.furthest().orElse(null),
                    null,
                    next,
                    exists,
                    standing.detail());
        } catch (ReadFailedException e) {
            return unread(name, last(sourceState), last(state), e.reason("the columns fed by sequence " + name));
        }
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
}

package org.pgrehearse.verifier.sequence;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.Sequence;

/**
 * Where a sequence of the target stands, next to the source's and to the data.
 *
 * @param source the source's sequence; null when it has none
 * @param furthest value furthest along in the columns that the sequence feeds, within its range
 */
record Standing(
        @Nullable Sequence source,
        @Nullable SequenceState sourceState,
        Sequence target,
        SequenceState targetState,
        Optional<Long> furthest) {

    /**
     * The kind of a finding.
     *
     * @param nextExists whether a column already holds the next value
     */
    String kind(boolean nextExists) {
        Optional<Long> next = targetState.next(target);
        boolean sameTurn = target.cycles() && targetState.equals(sourceState);
        if (next.isEmpty()) {
            return sourceGoesOn() || source == null ? "exhausted" : definition();
        }
        if (target.cycles() && nextExists && !sameTurn) {
            return "would-collide";
        }
        if (!target.cycles() && furthest.isPresent() && !beyond(next.get(), furthest.get())) {
            return "behind-data";
        }
        return !sameTurn && behindSource(next.get()) ? "behind-source" : definition();
    }

    private String definition() {
        if (source == null) {
            return "unexpected";
        }
        return Definitions.compare(source, target).harmful() ? "different" : "ok";
    }

    /** Whether somebody has to look: a sequence that only the target has harms nobody. */
    static Verdict verdict(String kind) {
        return kind.equals("ok") || kind.equals("unexpected") ? Verdict.CONSISTENT : Verdict.DIVERGENT;
    }

    private boolean sourceGoesOn() {
        return source != null && sourceState != null && sourceState.next(source).isPresent();
    }

    /** A value that was not handed out yet is the source's next one: the target may go on there, not before. */
    private boolean behindSource(long next) {
        if (sourceState == null) {
            return false;
        }
        long stand = sourceState.value();
        return sourceState.called() ? !beyond(next, stand) : next != stand && !beyond(next, stand);
    }

    private boolean beyond(long next, long other) {
        return target.increment() > 0 ? next > other : next < other;
    }

    /** What else a reader should know. */
    @Nullable
    String detail() {
        List<String> indirect = target.feeds().stream()
                .filter(fed -> !fed.direct())
                .map(fed -> fed.table() + "." + fed.column())
                .toList();
        Optional<String> definitions = source == null
                ? Optional.empty()
                : Definitions.compare(source, target).text();
        Optional<String> unseen = indirect.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "not compared with " + String.join(", ", indirect) + ", which holds no plain values of it");
        String text = Stream.of(definitions, unseen).flatMap(Optional::stream).collect(Collectors.joining("; "));
        return text.isEmpty() ? null : text;
    }
}

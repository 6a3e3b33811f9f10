package org.pgrehearse.reports.analysis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Side;

/**
 * Finds rows that are there again although an acknowledged write deleted them. Proven means: the deleting write itself
 * is on the authoritative side, and no write that may have come after it inserted the row anew. A delete that is not
 * there is a lost write and counted as such.
 */
final class DeleteAnalysis {
    private final DeleteBook book;
    private final Attempts attempts;
    private final Tracks tracks;
    private final Side here;
    private final Evidence evidence;
    private final Map<Integer, String> rows = new HashMap<>();
    private final Map<Long, Integer> attemptOf;

    DeleteAnalysis(DeleteBook book, Attempts attempts, Tracks tracks, Side here) {
        this.book = book;
        this.attempts = attempts;
        this.tracks = tracks;
        this.here = here;
        evidence = new Evidence("resurrected-delete", attempts);
        attemptOf = attemptsOf(book);
    }

    /**
     * What became of the deletes.
     *
     * @param holds whether the authoritative side holds the acknowledged write of this attempt
     */
    Deletes judge(IntPredicate holds) {
        long keys = 0;
        for (Map.Entry<DeleteBook.Key, DeleteBook.Writers> each : book.deleted().entrySet()) {
            List<Integer> deleters = known(each.getValue().deleters())
                    .filter(attempts::acknowledged)
                    .toList();
            keys += deleters.isEmpty() ? 0 : 1;
            if (book.found(here, each.getKey())) {
                deleters.stream()
                        .filter(holds::test)
                        .filter(deleter -> !insertedAnew(each.getValue(), deleter))
                        .findFirst()
                        .ifPresent(deleter -> {
                            evidence.add(deleter, attempts.started(deleter));
                            rows.putIfAbsent(deleter, each.getValue().told(each.getKey()));
                        });
            }
        }
        return new Deletes(keys, evidence.count(), keys == 0 ? "" : book.doubt(here));
    }

    /** The writes whose deleted rows came back, each with one of them. */
    List<Story> stories(StoryTeller teller) {
        return evidence.stories(
                i -> teller.tell(i) + ", deleted " + rows.get(i) + ", which the " + Words.of(here) + " holds again");
    }

    /** A write that is not there inserted nothing; one that was over before the delete began cannot be later. */
    private boolean insertedAnew(DeleteBook.Writers writers, int deleter) {
        return known(writers.inserters())
                .filter(inserter -> tracks.count(inserter, here) > 0)
                .anyMatch(inserter ->
                        !attempts.acknowledged(inserter) || attempts.ended(inserter) > attempts.started(deleter));
    }

    private Stream<Integer> known(List<Long> tokens) {
        return tokens.stream().filter(attemptOf::containsKey).map(attemptOf::get);
    }

    private Map<Long, Integer> attemptsOf(DeleteBook book) {
        if (book.isEmpty()) {
            return Map.of();
        }
        Set<Long> tokens = book.deleted().values().stream()
                .flatMap(each -> Stream.concat(each.deleters().stream(), each.inserters().stream()))
                .collect(Collectors.toSet());
        Map<Long, Integer> found = new HashMap<>();
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.write(i) && tokens.contains(attempts.token(i))) {
                found.putIfAbsent(attempts.token(i), i);
            }
        }
        return found;
    }
}

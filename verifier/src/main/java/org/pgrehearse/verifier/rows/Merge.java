package org.pgrehearse.verifier.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.RowStream;

/** Walks two streams of rows, both in the order of their locators, and tells where they differ. */
final class Merge {
    private static final int ROWS_WITH_ONE_LOCATOR_MAX = 1_000;

    private final Cursor source;
    private final Cursor target;

    Merge(RowStream<Located> source, RowStream<Located> target) {
        this.source = new Cursor(source);
        this.target = new Cursor(target);
    }

    void run(Tally tally) throws ReadFailedException {
        Optional<Long> locator = lowest();
        while (locator.isPresent()) {
            long at = locator.get();
            Group group = Group.of(at, source.take(at), target.take(at));
            if (!group.isEmpty()) {
                tally.add(group);
            }
            locator = lowest();
        }
    }

    private Optional<Long> lowest() throws ReadFailedException {
        Optional<Located> first = source.peek();
        Optional<Located> second = target.peek();
        if (first.isEmpty() || second.isEmpty()) {
            return first.or(() -> second).map(Located::locator);
        }
        return Optional.of(Math.min(first.get().locator(), second.get().locator()));
    }

    /** A stream that can be looked at without moving. */
    private static final class Cursor {
        private final RowStream<Located> stream;
        private @Nullable Located ahead;
        private boolean ended;

        Cursor(RowStream<Located> stream) {
            this.stream = stream;
        }

        Optional<Located> peek() throws ReadFailedException {
            if (ahead == null && !ended) {
                ahead = stream.next().orElse(null);
                ended = ahead == null;
            }
            return Optional.ofNullable(ahead);
        }

        List<Located> take(long locator) throws ReadFailedException {
            List<Located> taken = new ArrayList<>(1);
            Optional<Located> row = peek();
            while (row.isPresent() && row.get().locator() == locator) {
                if (taken.size() == ROWS_WITH_ONE_LOCATOR_MAX) {
                    throw new IllegalStateException("more rows share a key's hash than a unique key allows");
                }
                taken.add(row.get());
                ahead = null;
                row = peek();
            }
            return taken;
        }
    }
}

package org.pgrehearse.verifier.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.snapshot.ReadFailedException;

/**
 * Walks two streams of rows, both in the order of their locators, and tells where they differ: a sort-merge join that
 * looks at each row once and holds one row a side. For one use, by one thread.
 */
public final class Merge {
    private static final int ROWS_WITH_ONE_LOCATOR_MAX = 1_000;

    private final Cursor source;
    private final Cursor target;

    /** Rows in the order of their locators. */
    @FunctionalInterface
    public interface Rows {
        /** The next row; null when there are no more. */
        @Nullable
        Located next() throws ReadFailedException;
    }

    /** A merge that has not begun. */
    public Merge(Rows source, Rows target) {
        this.source = new Cursor(source);
        this.target = new Cursor(target);
    }

    /** Adds every difference to the tally. */
    public void run(Tally tally) throws ReadFailedException {
        Located left = source.peek();
        Located right = target.peek();
        while (left != null || right != null) {
            long at = lowest(left, right);
            Group group = Group.of(at, source.take(at), target.take(at));
            if (!group.isEmpty()) {
                tally.add(group);
            }
            left = source.peek();
            right = target.peek();
        }
    }

    private static long lowest(@Nullable Located left, @Nullable Located right) {
        if (left == null || right == null) {
            return Objects.requireNonNull(left == null ? right : left).locator();
        }
        return Math.min(left.locator(), right.locator());
    }

    /** A stream that can be looked at without moving. */
    private static final class Cursor {
        private final Rows rows;
        private @Nullable Located ahead;
        private boolean ended;

        Cursor(Rows rows) {
            this.rows = rows;
        }

        @Nullable
        Located peek() throws ReadFailedException {
            if (ahead == null && !ended) {
                ahead = rows.next();
                ended = ahead == null;
            }
            return ahead;
        }

        List<Located> take(long locator) throws ReadFailedException {
            Located row = peek();
            if (row == null || row.locator() != locator) {
                return List.of();
            }
            List<Located> taken = new ArrayList<>(1);
            while (row != null && row.locator() == locator) {
                if (taken.size() == ROWS_WITH_ONE_LOCATOR_MAX) {
                    throw new IllegalStateException("more rows share a key's hash than a unique key allows");
                }
                taken.add(row);
                ahead = null;
                row = peek();
            }
            return taken;
        }
    }
}

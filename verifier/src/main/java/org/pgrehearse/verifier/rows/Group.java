package org.pgrehearse.verifier.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of both sides that share a locator and are not the same. Nearly always one on each side at most: more only
 * when two keys have the same 64-bit hash.
 */
record Group(long locator, List<Located> source, List<Located> target) {
    Group {
        source = List.copyOf(source);
        target = List.copyOf(target);
    }

    /** What is left when rows with the same hash on both sides are taken away. */
    static Group of(long locator, List<Located> source, List<Located> target) {
        if (source.size() == 1 && target.size() == 1 && same(source.getFirst(), target.getFirst())) {
            return new Group(locator, List.of(), List.of());
        }
        List<Located> onSource = new ArrayList<>(source);
        List<Located> onTarget = new ArrayList<>();
        for (Located row : target) {
            Optional<Located> same =
                    onSource.stream().filter(other -> same(other, row)).findFirst();
            if (same.isEmpty()) {
                onTarget.add(row);
            } else {
                onSource.remove(same.get());
            }
        }
        return new Group(locator, onSource, onTarget);
    }

    private static boolean same(Located one, Located other) {
        return one.hash() == other.hash() && one.count() == other.count();
    }

    boolean isEmpty() {
        return source.isEmpty() && target.isEmpty();
    }

    long sourceCount() {
        return source.stream().mapToLong(Located::count).sum();
    }

    long targetCount() {
        return target.stream().mapToLong(Located::count).sum();
    }
}

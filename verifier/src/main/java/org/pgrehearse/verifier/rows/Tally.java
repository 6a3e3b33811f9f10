package org.pgrehearse.verifier.rows;

import java.util.ArrayList;
import java.util.List;

/** Counts every difference and remembers the first few. Used by one thread. */
final class Tally {
    private final boolean keyed;
    private final int rememberedMax;
    private final List<Group> remembered = new ArrayList<>();
    private long missing;
    private long unexpected;
    private long changed;

    Tally(boolean keyed, int rememberedMax) {
        this.keyed = keyed;
        this.rememberedMax = rememberedMax;
    }

    void add(Group group) {
        long both = Math.min(group.sourceCount(), group.targetCount());
        changed += keyed ? both : 0;
        missing += group.sourceCount() - both;
        unexpected += group.targetCount() - both;
        if (remembered.size() < rememberedMax) {
            remembered.add(group);
        }
    }

    long missing() {
        return missing;
    }

    long unexpected() {
        return unexpected;
    }

    long changed() {
        return changed;
    }

    List<Group> remembered() {
        return List.copyOf(remembered);
    }
}

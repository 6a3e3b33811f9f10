package org.pgrehearse.verifier.rows;

import java.util.ArrayList;
import java.util.List;

/** Counts every difference and remembers the first few. Used by one thread. */
public final class Tally {
    private final boolean keyed;
    private final int rememberedMax;
    private final List<Group> remembered = new ArrayList<>();
    private long missing;
    private long unexpected;
    private long changed;

    /**
     * Nothing counted yet.
     *
     * @param keyed whether rows with one locator on both sides are one row that changed
     * @param rememberedMax how many groups of rows are remembered
     */
    public Tally(boolean keyed, int rememberedMax) {
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

    /** Rows of the source that the target lacks. */
    public long missing() {
        return missing;
    }

    /** Rows of the target that the source lacks. */
    public long unexpected() {
        return unexpected;
    }

    /** Rows that are on both sides with other values. */
    public long changed() {
        return changed;
    }

    List<Group> remembered() {
        return List.copyOf(remembered);
    }
}

package org.pgrehearse.scenarios.workload;

import org.pgrehearse.reports.journal.Isolation;

/**
 * What the load promises beside its work, so that a broken promise can be seen: transactions a second of each kind over
 * all applications, 0 for none.
 *
 * @param lists appends to lists and reads of them, several in one transaction
 * @param registers writes and reads of versioned registers, several in one transaction
 * @param bank transfers between accounts, and readings of their total
 * @param twins writes of the same row to two tables, and comparisons of both
 * @param ids rows numbered by a sequence
 * @param isolation that the transactions on lists and registers ask for
 */
public record PromiseSpec(double lists, double registers, double bank, double twins, double ids, Isolation isolation) {
    /** No promise at all. */
    public static final PromiseSpec NONE = new PromiseSpec(0, 0, 0, 0, 0, Isolation.SERIALIZABLE);

    public PromiseSpec {
        if (lists < 0 || registers < 0 || bank < 0 || twins < 0 || ids < 0) {
            throw new IllegalArgumentException("Cannot keep promises at a rate below zero.");
        }
    }

    /** Whether any is made. */
    public boolean any() {
        return lists + registers + bank + twins + ids > 0;
    }
}

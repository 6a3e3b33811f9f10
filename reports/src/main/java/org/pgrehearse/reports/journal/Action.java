package org.pgrehearse.reports.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a recorded transaction did to one key. Keys of lists and keys of registers are told apart; within its
 * kind a key is the same object for every load of the run. No two transactions of a run write the same value to a key.
 */
public sealed interface Action {
    /** What it was done to. */
    long key();

    /** It appended a value to a list. */
    record Append(long key, long value) implements Action {}

    /**
     * It read a whole list.
     *
     * @param values from the oldest to the newest, the transaction's own appends included
     */
    record ReadList(long key, List<Long> values) implements Action {
        public ReadList {
            values = List.copyOf(values);
        }
    }

    /**
     * It replaced the value of a register.
     *
     * @param version the register's version after this write, counted from 1 by the server in the same statement; null
     *     when the answer never came
     */
    record Write(long key, long value, @Nullable Long version) implements Action {}

    /**
     * It read a register.
     *
     * @param value null for one that was never written
     * @param version of the value that was read; 0 for a register that was never written
     */
    record ReadRegister(long key, @Nullable Long value, long version) implements Action {}
}

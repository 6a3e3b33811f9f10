package org.pgrehearse.scenarios.workload;

/** When each operation is meant to start, whatever became of those before it. Immutable. */
public interface Schedule {
    /** What {@link #at} says of an operation that never comes. */
    long NEVER = Long.MAX_VALUE;

    /** When operation {@code index}, counted from 0, is due, in nanoseconds on the run's clock. */
    long at(long index);
}

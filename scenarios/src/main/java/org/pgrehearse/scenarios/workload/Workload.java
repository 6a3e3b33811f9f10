package org.pgrehearse.scenarios.workload;

import java.util.random.RandomGenerator;

/** What a load runs. Safe for use by many threads. */
public interface Workload {
    /** Its name in reports, such as {@code shop}. */
    String name();

    /** The transaction of one arrival. It depends on nothing but the random numbers, so that a schedule replays. */
    Transaction choose(RandomGenerator random);
}

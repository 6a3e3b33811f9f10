package org.pgrehearse.chaos.proxy;

/** The next thing to do with a flow. */
sealed interface Move {
    /** Nothing before this instant, unless something changes. */
    record Wait(long untilNanos) implements Move {
        /** An instant that never comes. */
        static final long FOREVER = Long.MAX_VALUE;
    }

    /** Pass this many bytes of the first chunk on. */
    record Pass(int length, long dueNanos) implements Move {}

    /** Throw the first chunk away because of this toxic. */
    record Drop(Grip because) implements Move {}

    /** End the connection because of this toxic. */
    record Sever(Grip because, Ending ending) implements Move {}

    /** End the connection because its interceptor wants it. */
    record Interrupt(Ending ending) implements Move {}

    /** Pass the end of the stream on. */
    record Finish() implements Move {}
}

package org.pgrehearse.chaos.proxy;

import java.nio.ByteBuffer;

/**
 * Sees every byte of one connection before toxics do; it may hold bytes back, put others in their place and end the
 * connection between any two of them. It is asked by one thread for each direction, so by two at a time.
 */
@FunctionalInterface
public interface Interceptor {
    /**
     * What to do with bytes that one peer sent.
     *
     * @param bytes valid only during the call, unless they are what is forwarded
     */
    Passage pass(Direction direction, ByteBuffer bytes);

    /** Goes on after {@link Then#RESUME}; blocks as long as the direction is to stand still. */
    default Passage resume(Direction direction) throws InterruptedException {
        return Passage.all(ByteBuffer.allocate(0));
    }

    /** Hands out, once, what it holds back of a direction that got to its end. */
    default ByteBuffer rest(Direction direction) {
        return ByteBuffer.allocate(0);
    }

    /** Learns that the connection is over. Returns at once, and lets {@link #resume} return. */
    default void over() {}

    /** Makes an interceptor for each new connection of a proxy. */
    @FunctionalInterface
    interface Factory {
        /** The interceptor of a new connection. */
        Interceptor connected(Link link);
    }

    /**
     * The connection as an interceptor knows it.
     *
     * @param number which connection of its proxy it is, from 1
     * @param cut closes it at once, from any thread
     */
    record Link(long number, Luck luck, Runnable cut) {}

    /** A connection's luck: the same question always has the same answer, which comes from the seed. */
    @FunctionalInterface
    interface Luck {
        /** A number from 0 (included) to 1 (excluded). */
        double in(String question);
    }

    /**
     * What goes on to the other peer, and what happens afterwards.
     *
     * @param dropped bytes that nobody will ever get
     * @param added how many of the bytes that go on came from no peer
     * @param reply last words to the peer that sent the bytes, behind what it has to get already; needs an end
     */
    record Passage(ByteBuffer forward, int dropped, int added, Then then, ByteBuffer reply) {
        /** Nothing is added and nothing replied. */
        public Passage(ByteBuffer forward, int dropped, Then then) {
            this(forward, dropped, 0, then, ByteBuffer.allocate(0));
        }

        /** Everything goes on. */
        public static Passage all(ByteBuffer bytes) {
            return new Passage(bytes, 0, Then.CONTINUE);
        }
    }

    /** What happens to a connection once what was forwarded has left. */
    enum Then {
        CONTINUE,
        /** Nothing more is read in this direction before {@link Interceptor#resume} has returned. */
        RESUME,
        CLOSE,
        RESET
    }
}

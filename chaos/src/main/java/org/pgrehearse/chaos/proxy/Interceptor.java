package org.pgrehearse.chaos.proxy;

import java.nio.ByteBuffer;

/**
 * Sees every byte of one connection before toxics do; it may hold bytes back and end the connection between any two of
 * them. It is asked by one thread for each direction, so by two at a time.
 */
public interface Interceptor {
    /**
     * What to do with bytes that one peer sent.
     *
     * @param bytes valid only during the call, unless they are what is forwarded
     */
    Passage pass(Direction direction, ByteBuffer bytes);

    /** Makes an interceptor for each new connection of a proxy. */
    @FunctionalInterface
    interface Factory {
        /**
         * The interceptor of a new connection.
         *
         * @param cut closes the connection at once, from any thread
         */
        Interceptor connected(Runnable cut);
    }

    /**
     * What goes on to the other peer, and what happens afterwards.
     *
     * @param dropped bytes that nobody will ever get
     */
    record Passage(ByteBuffer forward, int dropped, Then then) {
        /** Everything goes on. */
        public static Passage all(ByteBuffer bytes) {
            return new Passage(bytes, 0, Then.CONTINUE);
        }
    }

    /** What happens to a connection once what was forwarded has left. */
    enum Then {
        CONTINUE,
        CLOSE,
        RESET
    }
}

package org.pgrehearse.chaos.wire;

/**
 * On which occasions a fault acts: on every {@code every}-th, and at most {@code times} times. The occasions on all
 * connections it is meant for are counted together.
 */
public record Turns(int every, int times) {
    public Turns {
        if (every < 1 || times < 1) {
            throw new IllegalArgumentException("a fault acts on at least one occasion, and at least on every one");
        }
    }

    /** On the first occasion only. */
    public static Turns once() {
        return first(1);
    }

    /** On so many occasions, from the first. */
    public static Turns first(int times) {
        return new Turns(1, times);
    }

    /** On every n-th occasion, as long as the fault is there. */
    public static Turns everyNth(int every) {
        return new Turns(every, Integer.MAX_VALUE);
    }
}

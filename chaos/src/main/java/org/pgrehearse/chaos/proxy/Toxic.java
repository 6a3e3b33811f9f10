package org.pgrehearse.chaos.proxy;

/**
 * A behavior with a name, for one direction of a proxy.
 *
 * @param toxicity share of the connections it holds, between 0 and 1
 */
record Toxic(String name, Direction direction, double toxicity, Behavior behavior) {
    Toxic {
        if (!(toxicity >= 0 && toxicity <= 1)) {
            throw new IllegalArgumentException("toxicity must be between 0 and 1");
        }
    }
}

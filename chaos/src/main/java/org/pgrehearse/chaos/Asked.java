package org.pgrehearse.chaos;

/**
 * When a change was asked for and when it was confirmed, in nanoseconds on the caller's clock. The change took effect
 * somewhere between the two.
 */
public record Asked(long requestNanos, long confirmedNanos) {}

package org.pgrehearse.chaos;

/**
 * Proof that a fault took effect.
 *
 * @param evidence what was counted or seen, such as {@code 3 connections reset}
 * @param atNanos when it was seen, on the caller's clock; it happened no later
 */
public record Bite(String evidence, long atNanos) {}

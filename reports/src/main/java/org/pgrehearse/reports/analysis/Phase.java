package org.pgrehearse.reports.analysis;

/** A named stretch of the run; it ends where the next one begins. */
public record Phase(String name, long startNanos, long endNanos) {}

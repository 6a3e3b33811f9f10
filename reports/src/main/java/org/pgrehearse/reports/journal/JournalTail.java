package org.pgrehearse.reports.journal;

/**
 * How a journal file ended.
 *
 * @param events how many whole events it held
 * @param truncated whether its last line or its compressed end is missing, as after a killed process
 * @param detail what is missing, for a reader; empty when nothing is
 */
public record JournalTail(long events, boolean truncated, String detail) {}

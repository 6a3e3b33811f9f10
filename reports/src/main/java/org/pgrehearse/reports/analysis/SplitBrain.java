package org.pgrehearse.reports.analysis;

/**
 * Both sides executed writes of the application in the wrong order: one side started a write after the other had
 * already acknowledged one. Proven on the client's one clock, without comparing the servers' clocks.
 *
 * @param writes how many writes started too late on the old side
 * @param overlapStartNanos the first acknowledgement on the new side
 * @param overlapEndNanos when the last of the late writes on the old side ended
 */
public record SplitBrain(long writes, long overlapStartNanos, long overlapEndNanos, Story newSide, Story oldSide) {}

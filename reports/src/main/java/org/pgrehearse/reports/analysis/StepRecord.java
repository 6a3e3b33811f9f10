package org.pgrehearse.reports.analysis;

import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;

/**
 * What became of one step of the runbook.
 *
 * @param endNanos when it ended, or when the recording did
 * @param result null when its end was never recorded
 */
public record StepRecord(
        String step,
        String description,
        long startNanos,
        long endNanos,
        Event.@Nullable StepResult result,
        String detail) {}

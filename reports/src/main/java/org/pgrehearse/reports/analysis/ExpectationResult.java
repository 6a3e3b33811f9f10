package org.pgrehearse.reports.analysis;

/**
 * What came of one expectation.
 *
 * @param limit operator and limit, such as {@code = 0}
 * @param observed what was seen, as text
 * @param reason why it is inconclusive; empty when it is not
 */
public record ExpectationResult(String name, String limit, String observed, RunVerdict verdict, String reason) {}

package org.pgrehearse.reports.analysis;

/**
 * One operation that proves a finding, told so that a reader can find it again.
 *
 * @param finding what it proves, such as {@code lost}
 * @param which {@code first}, {@code worst}, {@code last}, or {@code early} for others among the first
 * @param startedNanos when the operation started
 */
public record Story(String finding, String which, long token, long startedNanos, String text) {}

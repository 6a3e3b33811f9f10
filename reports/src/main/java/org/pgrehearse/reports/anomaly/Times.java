package org.pgrehearse.reports.anomaly;

import java.util.Locale;

/** How this package writes instants and lengths of time. */
final class Times {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    private Times() {}

    /** An instant of the run such as {@code 31.203 s}. */
    static String instant(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / NANOS_PER_SECOND);
    }

    /** A length of time such as {@code 12.5 ms}. */
    static String length(long nanos) {
        return String.format(Locale.ROOT, "%,.1f ms", nanos / NANOS_PER_MILLI);
    }
}

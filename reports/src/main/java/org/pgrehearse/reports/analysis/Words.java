package org.pgrehearse.reports.analysis;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Side;

/** How quantities and names are written for a reader, the same in every report. */
public final class Words {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long NANOS_SHOWN_AS_MILLIS_MAX = 1_000_000_000L;

    private Words() {}

    /** {@code source} or {@code target}. */
    public static String of(Side side) {
        return side.name().toLowerCase(Locale.ROOT);
    }

    /** A length of time such as {@code 12.5 ms}, {@code 10 ms} or {@code 3.00 s}. */
    public static String duration(long nanos) {
        if (nanos == 0) {
            return "0 s";
        }
        if (nanos >= NANOS_SHOWN_AS_MILLIS_MAX) {
            return String.format(Locale.ROOT, "%.2f s", nanos / NANOS_PER_SECOND);
        }
        String millis = String.format(Locale.ROOT, "%.1f ms", nanos / NANOS_PER_MILLI);
        return millis.replace(".0 ms", " ms");
    }

    /** An instant of the run such as {@code 31.203 s}. */
    public static String instant(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / NANOS_PER_SECOND);
    }

    /** The value, or the word {@code absent} when there is none. */
    public static String orAbsent(@Nullable Object value) {
        return value == null ? "absent" : value.toString();
    }

    /** A whole number, such as {@code 2,000}. */
    public static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A number with its noun, such as {@code 1 write} or {@code 2 writes}. */
    public static String count(long number, String noun) {
        return count(number, noun, noun + "s");
    }

    /** A number with its noun in the singular or the plural. */
    public static String count(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }
}

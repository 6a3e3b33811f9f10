package org.pgrehearse.scenarios.spec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Text with units, read and written. A reader that finds nothing it understands returns empty. */
public final class Units {
    private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h)");
    private static final Pattern RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*/\\s*s");
    private static final Pattern SIZE = Pattern.compile("(\\d+)\\s*(B|KiB|MiB|GiB)");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d+)?)\\s*%");
    private static final Pattern LSN = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");
    private static final Pattern RANGE = Pattern.compile("(.+?)\\s*\\.\\.\\s*(.+)");
    private static final Pattern SHARE = Pattern.compile("1\\s*/\\s*([1-9]\\d{0,5})");

    private Units() {}

    /** A duration such as {@code 250ms}, {@code 1.5s}, {@code 2m} or {@code 1h}. */
    public static Optional<Duration> duration(String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal nanosPerUnit = switch (matcher.group(2)) {
            case "ms" -> BigDecimal.valueOf(1_000_000L);
            case "s" -> BigDecimal.valueOf(1_000_000_000L);
            case "m" -> BigDecimal.valueOf(60_000_000_000L);
            default -> BigDecimal.valueOf(3_600_000_000_000L);
        };
        BigDecimal nanos =
                new BigDecimal(matcher.group(1)).multiply(nanosPerUnit).setScale(0, RoundingMode.HALF_UP);
        return nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(nanos.longValueExact()));
    }

    /** The shortest exact text that {@link #duration} reads back as the same duration, to the millisecond. */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
    }

    /** Operations a second, such as {@code 300/s}. */
    public static Optional<Double> rate(String text) {
        Matcher matcher = RATE.matcher(text.strip());
        return matcher.matches() ? Optional.of(Double.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** The text that {@link #rate} reads back. */
    public static String rateText(double perSecond) {
        return BigDecimal.valueOf(perSecond).stripTrailingZeros().toPlainString() + "/s";
    }

    /** A number of bytes, such as {@code 64KiB}. */
    public static Optional<Long> bytes(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (!matcher.matches() || matcher.group(1).length() > 9) {
            return Optional.empty();
        }
        long unit = switch (matcher.group(2)) {
            case "B" -> 1L;
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            default -> 1L << 30;
        };
        return Optional.of(Long.parseLong(matcher.group(1)) * unit);
    }

    /** One in how many, from {@code 1/5}. */
    public static Optional<Integer> share(String text) {
        Matcher matcher = SHARE.matcher(text.strip());
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** A duration that may lead backwards, such as {@code -1h}. */
    public static Optional<Duration> offset(String text) {
        String stripped = text.strip();
        return stripped.startsWith("-") ? duration(stripped.substring(1)).map(Duration::negated) : duration(stripped);
    }

    /** A share from 0 to 1, written {@code 50%}. */
    public static Optional<Double> percent(String text) {
        Matcher matcher = PERCENT.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(Double.parseDouble(matcher.group(1)) / 100).filter(share -> share <= 1)
                : Optional.empty();
    }

    /** A position in the WAL such as {@code 0/3000060}, in bytes from its beginning. */
    public static Optional<Double> lsn(String text) {
        Matcher matcher = LSN.matcher(text.strip());
        return matcher.matches()
                ? Optional.of(
                        (double) (Long.parseLong(matcher.group(1), 16) << 32) + Long.parseLong(matcher.group(2), 16))
                : Optional.empty();
    }

    /** Two durations, the earlier first, such as {@code 1s..8s}. */
    public static Optional<Window> window(String text) {
        Matcher matcher = RANGE.matcher(text.strip());
        if (!matcher.matches()) {
            return duration(text).map(at -> new Window(at, at));
        }
        Optional<Duration> from = duration(matcher.group(1));
        Optional<Duration> to = duration(matcher.group(2));
        return from.isPresent() && to.isPresent() && from.get().compareTo(to.get()) <= 0
                ? Optional.of(new Window(from.get(), to.get()))
                : Optional.empty();
    }

    /** From one duration to another. */
    public record Window(Duration from, Duration to) {}
}

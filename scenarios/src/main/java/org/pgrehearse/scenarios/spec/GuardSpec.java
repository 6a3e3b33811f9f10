package org.pgrehearse.scenarios.spec;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A limit that stops the runbook when it is reached, and sends it on its way back.
 *
 * @param limitText as the file writes it, such as {@code 3s} or {@code 5%}
 * @param phase the phase it watches; empty for the whole runbook
 */
public record GuardSpec(Kind kind, String limitText, String phase) {
    private static final Pattern LINE = Pattern.compile("([a-z0-9-]+)\\s*<\\s*(\\S+)(?:\\s+in\\s+(\\S.*))?");
    private static final double NANOS_PER_SECOND = 1e9;

    /** What is watched. */
    public enum Kind {
        /** Share of writes that ended in the last two seconds and were not acknowledged. */
        WRITE_ERROR_RATE("5%"),
        /** Of the write probes of the last two seconds, those under way by their age; seconds. */
        WRITE_P99("2s"),
        /** How far the target is behind: bytes of WAL, or seconds, by the limit's unit. */
        REPLICATION_LAG("64MiB"),
        /** The longest wait for a lock on either server; seconds. */
        LOCK_WAIT("5s"),
        /** The time in which users could not write so far; seconds. */
        WRITE_DOWNTIME("3s");

        private final String example;

        Kind(String example) {
            this.example = example;
        }

        /** As a file spells it, such as {@code write-p99}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private Optional<Double> limit(String text) {
            return switch (this) {
                case WRITE_ERROR_RATE -> Units.percent(text);
                case REPLICATION_LAG -> Units.bytes(text).map(Long::doubleValue).or(() -> seconds(text));
                case WRITE_P99, LOCK_WAIT, WRITE_DOWNTIME -> seconds(text);
            };
        }

        private static Optional<Double> seconds(String text) {
            return Units.duration(text).map(duration -> duration.toNanos() / NANOS_PER_SECOND);
        }
    }

    /** Reads a line such as {@code write-downtime < 3s in cutover}; empty when it is none, or its limit is zero. */
    static Optional<GuardSpec> parse(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String phase = matcher.group(3) == null ? "" : matcher.group(3).strip();
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.word().equals(matcher.group(1)))
                .filter(kind -> kind.limit(matcher.group(2)).filter(n -> n > 0).isPresent())
                .map(kind -> new GuardSpec(kind, matcher.group(2), phase))
                .findFirst();
    }

    static String example() {
        return "a guard with a limit above 0: "
                + Arrays.stream(Kind.values())
                        .map(kind -> kind.word() + " < " + kind.example)
                        .collect(Collectors.joining(", "))
                + ", each also with \"in PHASE\"";
    }

    /** The limit: a share from 0 to 1, bytes, or seconds. */
    public double limit() {
        return kind.limit(limitText)
                .orElseThrow(() -> new IllegalStateException("a guard without a checked limit: " + limitText));
    }

    /** Whether the limit is a number of bytes. */
    public boolean isInBytes() {
        return Units.bytes(limitText).isPresent();
    }

    /** The line that reads back as the same guard. */
    public String text() {
        return kind.word() + " < " + limitText + (phase.isEmpty() ? "" : " in " + phase);
    }

    /** A reading with its unit, for people. */
    public String describe(double reading) {
        return switch (kind) {
            case WRITE_ERROR_RATE -> String.format(Locale.ROOT, "%.1f %%", reading * 100);
            case REPLICATION_LAG ->
                isInBytes() ? String.format(Locale.ROOT, "%.0f bytes", reading) : describeSeconds(reading);
            case WRITE_P99, LOCK_WAIT, WRITE_DOWNTIME -> describeSeconds(reading);
        };
    }

    private static String describeSeconds(double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }
}

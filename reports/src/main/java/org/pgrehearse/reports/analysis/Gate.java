package org.pgrehearse.reports.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** A thing that an expectation can speak of. */
enum Gate {
    LOST_WRITES(Unit.COUNT),
    LOST_UNKNOWN_WRITES(Unit.COUNT),
    DUPLICATED_WRITES(Unit.COUNT),
    RESURRECTED_WRITES(Unit.COUNT),
    RESURRECTED_DELETES(Unit.COUNT),
    UNRESOLVED_WRITES(Unit.COUNT),
    SPLIT_BRAIN(Unit.YES_NO),
    LEAKED_WRITES(Unit.COUNT),
    FORKED_KEYS(Unit.COUNT),
    ISOLATION_ANOMALIES(Unit.COUNT),
    STALE_READS(Unit.COUNT),
    SESSION_ANOMALIES(Unit.COUNT),
    TOTALS_BROKEN(Unit.COUNT),
    TWINS_BROKEN(Unit.COUNT),
    REISSUED_IDS(Unit.COUNT),
    WRITE_DOWNTIME(Unit.DURATION),
    READ_DOWNTIME(Unit.DURATION),
    LONGEST_WRITE_DOWNTIME(Unit.DURATION),
    LONGEST_READ_DOWNTIME(Unit.DURATION),
    ANY_READ_DOWNTIME(Unit.DURATION),
    CONNECT_DOWNTIME(Unit.DURATION),
    DATABASE_DOWNTIME(Unit.DURATION),
    CLIENT_DOWNTIME(Unit.DURATION),
    WRITE_HARD_DOWN(Unit.DURATION),
    READ_HARD_DOWN(Unit.DURATION),
    WRITE_DEGRADED(Unit.DURATION),
    READ_DEGRADED(Unit.DURATION),
    LONGEST_WRITE_STALL(Unit.DURATION),
    LONGEST_READ_STALL(Unit.DURATION),
    WRITE_RECOVERY(Unit.DURATION),
    READ_RECOVERY(Unit.DURATION),
    UNEXPLAINED_DOWNTIME(Unit.DURATION),
    LONGEST_LOCK_WAIT(Unit.DURATION),
    TABLE_GROWTH(Unit.RATIO),
    DATA(Unit.CONSISTENCY),
    SEQUENCES(Unit.CONSISTENCY),
    SCHEMA(Unit.CONSISTENCY),
    ACKNOWLEDGED_WRITES(Unit.COUNT),
    WRITE_P99(Unit.DURATION),
    READ_P99(Unit.DURATION),
    FAILED_OPERATIONS(Unit.COUNT),
    ENDING(Unit.ENDING);

    /** What the limit of an expectation looks like. */
    enum Unit {
        COUNT("a whole number such as 0"),
        DURATION("a duration such as 50ms, 2s or 1m"),
        RATIO("a ratio such as 2x or 1.5x"),
        YES_NO("yes or no"),
        CONSISTENCY("consistent or divergent"),
        ENDING("completed or aborted");

        final String description;

        Unit(String description) {
            this.description = description;
        }

        /** The words a limit may be; empty when it is a quantity. */
        List<String> words() {
            return switch (this) {
                case COUNT, DURATION, RATIO -> List.of();
                case YES_NO -> List.of("yes", "no", "none");
                case CONSISTENCY -> List.of("consistent", "divergent");
                case ENDING -> List.of("completed", "aborted");
            };
        }
    }

    final Unit unit;

    Gate(Unit unit) {
        this.unit = unit;
    }

    /** Whether it speaks of the run as a whole; the others are proofs, which stand however the run ended. */
    boolean needsWholeRun() {
        return switch (this) {
            case WRITE_DOWNTIME,
                    READ_DOWNTIME,
                    LONGEST_WRITE_DOWNTIME,
                    LONGEST_READ_DOWNTIME,
                    ANY_READ_DOWNTIME,
                    CONNECT_DOWNTIME,
                    DATABASE_DOWNTIME,
                    CLIENT_DOWNTIME,
                    WRITE_HARD_DOWN,
                    READ_HARD_DOWN,
                    WRITE_DEGRADED,
                    READ_DEGRADED,
                    LONGEST_WRITE_STALL,
                    LONGEST_READ_STALL,
                    WRITE_RECOVERY,
                    READ_RECOVERY,
                    UNEXPLAINED_DOWNTIME,
                    LONGEST_LOCK_WAIT,
                    TABLE_GROWTH,
                    ACKNOWLEDGED_WRITES,
                    WRITE_P99,
                    READ_P99,
                    FAILED_OPERATIONS,
                    ENDING -> true;
            case LOST_WRITES,
                    LOST_UNKNOWN_WRITES,
                    DUPLICATED_WRITES,
                    RESURRECTED_WRITES,
                    RESURRECTED_DELETES,
                    UNRESOLVED_WRITES,
                    SPLIT_BRAIN,
                    LEAKED_WRITES,
                    FORKED_KEYS,
                    ISOLATION_ANOMALIES,
                    STALE_READS,
                    SESSION_ANOMALIES,
                    TOTALS_BROKEN,
                    TWINS_BROKEN,
                    REISSUED_IDS,
                    DATA,
                    SEQUENCES,
                    SCHEMA -> false;
        };
    }

    /** The name in an expectation, such as {@code lost-writes}. */
    String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Optional<Gate> named(String text) {
        return Arrays.stream(values()).filter(gate -> gate.text().equals(text)).findFirst();
    }

    static String allNames() {
        return Arrays.stream(values()).map(Gate::text).collect(Collectors.joining(", "));
    }
}

package org.pgrehearse.scenarios.fault;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.chaos.schedule.When;
import org.pgrehearse.scenarios.spec.Condition;
import org.pgrehearse.scenarios.spec.Scenario.Occasion;
import org.pgrehearse.scenarios.spec.Units;

/** What the conditions of a scenario file mean to the schedule: which marks and readings they wait for. */
final class Occasions {
    static final String COMMITS = "commits";
    static final String COPIED = "copied";
    static final String LAG_BYTES = "lag-bytes";
    static final String LAG_SECONDS = "lag-seconds";
    static final String WAL_BYTES = "wal-bytes";
    static final String LSN = "lsn";

    private static final double NANOS_PER_SECOND = 1e9;

    private Occasions() {}

    static String step(String name) {
        return "step \"" + name + "\"";
    }

    static String phase(String name) {
        return "phase \"" + name + "\"";
    }

    /** The mark for what has ended. */
    static String end(String mark) {
        return "the end of " + mark;
    }

    /** All conditions together; empty when there are none. */
    static Optional<When> when(Occasion occasion) {
        return occasion.conditions().entrySet().stream().map(Occasions::when).reduce(When::and);
    }

    private static When when(Map.Entry<String, String> condition) {
        String value = condition.getValue();
        Condition word =
                Condition.valueOf(condition.getKey().toUpperCase(Locale.ROOT).replace('-', '_'));
        return switch (word) {
            case STEP -> When.happened(step(value));
            case STEP_DONE -> When.happened(end(step(value)));
            case PHASE -> When.happened(phase(value));
            case PHASE_DONE -> When.happened(end(phase(value)));
            case COPIED -> When.atLeast(COPIED, checked(Units.percent(value)));
            case LAG_ABOVE -> When.atLeast(LAG_BYTES, checked(Units.bytes(value)));
            case LAG_BELOW -> When.atMost(LAG_BYTES, checked(Units.bytes(value)));
            case LAG_LONGER -> When.atLeast(LAG_SECONDS, seconds(value));
            case LAG_SHORTER -> When.atMost(LAG_SECONDS, seconds(value));
            case COMMITS -> When.gained(COMMITS, Double.parseDouble(value));
            case WAL -> When.gained(WAL_BYTES, checked(Units.bytes(value)));
            case LSN -> When.atLeast(LSN, checked(Units.lsn(value)));
            case FAULT -> When.begun(value);
            case FAULT_HEALED -> When.over(value);
        };
    }

    private static double seconds(String value) {
        return checked(Units.duration(value).map(Duration::toNanos)) / NANOS_PER_SECOND;
    }

    private static double checked(Optional<? extends Number> value) {
        return value.orElseThrow(() -> new IllegalStateException("a condition without a checked value"))
                .doubleValue();
    }
}

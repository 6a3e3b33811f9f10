package org.pgrehearse.chaos.schedule;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a fault waits for, before it begins or before it ends. Events and growth count from a beginning: that of the run
 * for a fault that waits, that of the fault for one that is in place.
 */
public sealed interface When {
    /** Something that was marked in the {@link Signals}, at least once since. */
    record Happened(String mark) implements When {}

    /** A reading of the {@link Signals} is at least this. */
    record AtLeast(String reading, double limit) implements When {}

    /** A reading of the {@link Signals} is at most this. */
    record AtMost(String reading, double limit) implements When {}

    /** A reading of the {@link Signals} has grown by at least so much since. */
    record Gained(String reading, double growth) implements When {}

    /** Another fault of the plan is in place, or was. */
    record Begun(String fault) implements When {}

    /** Another fault of the plan is healed, in its last occurrence if it has several. */
    record Over(String fault) implements When {}

    /** All of these at the same moment; with none of them it is always so. */
    record All(List<When> conditions) implements When {
        public All {
            conditions = List.copyOf(conditions);
        }
    }

    /** At once. */
    static When now() {
        return new All(List.of());
    }

    /** After this was marked. */
    static When happened(String mark) {
        return new Happened(mark);
    }

    /** Once a reading is at least this. */
    static When atLeast(String reading, double limit) {
        return new AtLeast(reading, limit);
    }

    /** Once a reading is at most this. */
    static When atMost(String reading, double limit) {
        return new AtMost(reading, limit);
    }

    /** Once a reading has grown by so much. */
    static When gained(String reading, double growth) {
        return new Gained(reading, growth);
    }

    /** Together with another fault, or after it began. */
    static When begun(String fault) {
        return new Begun(fault);
    }

    /** After another fault. */
    static When over(String fault) {
        return new Over(fault);
    }

    /** This and another at the same moment. */
    default When and(When other) {
        return new All(List.of(this, other));
    }

    /** The condition as a clause for messages, such as {@code "lag-bytes" at least 5}. */
    default String text() {
        return switch (this) {
            case Happened(String mark) -> mark;
            case AtLeast(String reading, double limit) -> reading + " at least " + number(limit);
            case AtMost(String reading, double limit) -> reading + " at most " + number(limit);
            case Gained(String reading, double growth) -> number(growth) + " more " + reading;
            case Begun(String fault) -> "fault \"" + fault + "\"";
            case Over(String fault) -> "the end of fault \"" + fault + "\"";
            case All(List<When> all) ->
                all.isEmpty() ? "its time" : all.stream().map(When::text).collect(Collectors.joining(" and "));
        };
    }

    private static String number(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}

package org.pgrehearse.chaos.wire;

import java.time.Duration;
import java.util.regex.Pattern;

/** What a fault does at a {@link Point}. */
public sealed interface Action {
    /** Both peers read the end of the stream. */
    record Close() implements Action {}

    /** Both peers read "connection reset". */
    record Reset() implements Action {}

    /** Nothing passes any more, either way; the connection is closed when the fault heals. */
    record Blackhole() implements Action {}

    /** What follows in the same direction waits this long, or until the fault heals. */
    record Delay(Duration time) implements Action {
        public Delay {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("a delay must take time");
            }
        }
    }

    /**
     * The statement fails with this SQLSTATE instead of being run. The server gets one in its place that must fail, so
     * it and the client agree on the state of the transaction.
     */
    record Fail(String sqlState) implements Action {
        private static final Pattern SQL_STATE = Pattern.compile("[0-9A-Z]{5}");

        public Fail {
            if (!SQL_STATE.matcher(sqlState).matches()) {
                throw new IllegalArgumentException(
                        "\"" + sqlState + "\" is no SQLSTATE, which has five digits or capitals");
            }
        }
    }

    /** The client is told that an administrator terminated its connection (FATAL 57P01), which ends. */
    record Terminate() implements Action {}

    /** This one message vanishes and everything else goes on. */
    record Drop() implements Action {}

    /** Whether it can only act between two messages. */
    default boolean needsWholeMessages() {
        return switch (this) {
            case Close _close -> false;
            case Reset _reset -> false;
            case Blackhole _blackhole -> false;
            case Delay _delay -> false;
            case Fail _fail -> true;
            case Terminate _terminate -> true;
            case Drop _drop -> true;
        };
    }

    /** The action in words, such as {@code reset}. */
    default String label() {
        return switch (this) {
            case Close _close -> "close";
            case Reset _reset -> "reset";
            case Blackhole _blackhole -> "blackhole";
            case Delay(Duration time) -> "delay of " + time.toMillis() + " ms";
            case Fail(String sqlState) -> "failure with " + sqlState;
            case Terminate _terminate -> "termination";
            case Drop _drop -> "drop";
        };
    }
}

package org.pgrehearse.chaos.proxy;

import java.time.Duration;

/** What a toxic does to the flow it holds: Toxiproxy's attributes in proper units, none of them negative. */
sealed interface Behavior {
    /** The type's name in Toxiproxy's API. */
    default String type() {
        return switch (this) {
            case Latency ignored -> "latency";
            case Bandwidth ignored -> "bandwidth";
            case SlowClose ignored -> "slow_close";
            case Timeout ignored -> "timeout";
            case ResetPeer ignored -> "reset_peer";
            case Slicer ignored -> "slicer";
            case LimitData ignored -> "limit_data";
        };
    }

    /** Delays each chunk by {@code latency}, give or take {@code jitter}; order is kept. */
    record Latency(Duration latency, Duration jitter) implements Behavior {}

    /** Lets {@code kilobytesPerSecond} thousand bytes through each second; nothing at all when zero. */
    record Bandwidth(long kilobytesPerSecond) implements Behavior {}

    /** Passes the end of the stream on only after {@code delay}. */
    record SlowClose(Duration delay) implements Behavior {}

    /** Swallows every byte; closes the connection after {@code timeout}, or on removal of the toxic. */
    record Timeout(Duration timeout) implements Behavior {}

    /** Resets the connection after {@code timeout}; when zero, as soon as a byte or the end arrives. */
    record ResetPeer(Duration timeout) implements Behavior {}

    /** Cuts chunks into slices of {@code averageSize} bytes, give or take, with {@code delay} after each. */
    record Slicer(int averageSize, int sizeVariation, Duration delay) implements Behavior {
        public Slicer {
            if (averageSize < 1 || sizeVariation >= averageSize) {
                throw new IllegalArgumentException(
                        "average_size must be at least 1 and size_variation less than average_size");
            }
        }
    }

    /** Closes the connection once {@code bytes} bytes have passed; when zero, as soon as a byte arrives. */
    record LimitData(long bytes) implements Behavior {}
}

package org.pgrehearse.chaos.proxy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** A behavior's attributes as Toxiproxy's API writes them: names and whole numbers. */
final class Attributes {
    private static final Duration TIME_MAX = Duration.ofDays(365);
    private static final long KILOBYTES_PER_SECOND_MAX = 1_000_000_000;
    private static final int NANOS_PER_MICRO = 1000;

    private Attributes() {}

    /** The attributes of a behavior. */
    static Map<String, Long> of(Behavior behavior) {
        Map<String, Long> attributes = new LinkedHashMap<>();
        switch (behavior) {
            case Behavior.Latency(Duration latency, Duration jitter) -> {
                attributes.put("latency", latency.toMillis());
                attributes.put("jitter", jitter.toMillis());
            }
            case Behavior.Bandwidth(long rate) -> attributes.put("rate", rate);
            case Behavior.SlowClose(Duration delay) -> attributes.put("delay", delay.toMillis());
            case Behavior.Timeout(Duration timeout) -> attributes.put("timeout", timeout.toMillis());
            case Behavior.ResetPeer(Duration timeout) -> attributes.put("timeout", timeout.toMillis());
            case Behavior.Slicer(int averageSize, int sizeVariation, Duration delay) -> {
                attributes.put("average_size", (long) averageSize);
                attributes.put("size_variation", (long) sizeVariation);
                attributes.put("delay", delay.toNanos() / NANOS_PER_MICRO);
            }
            case Behavior.LimitData(long bytes) -> attributes.put("bytes", bytes);
        }
        return attributes;
    }

    /** The behavior of this type; attributes that are missing are zero, those that are unknown are ignored. */
    static Behavior behavior(String type, Map<String, Long> given) throws ApiProblem {
        Map<String, Long> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        attributes.putAll(given);
        try {
            return switch (type) {
                case "latency" -> new Behavior.Latency(millis(attributes, "latency"), millis(attributes, "jitter"));
                case "bandwidth" -> new Behavior.Bandwidth(number(attributes, "rate", KILOBYTES_PER_SECOND_MAX));
                case "slow_close" -> new Behavior.SlowClose(millis(attributes, "delay"));
                case "timeout" -> new Behavior.Timeout(millis(attributes, "timeout"));
                case "reset_peer" -> new Behavior.ResetPeer(millis(attributes, "timeout"));
                case "slicer" -> slicer(attributes);
                case "limit_data" -> new Behavior.LimitData(number(attributes, "bytes", Long.MAX_VALUE));
                default -> throw ApiProblem.invalidToxicType();
            };
        } catch (IllegalArgumentException e) {
            throw ApiProblem.badBody(e);
        }
    }

    private static Behavior slicer(Map<String, Long> attributes) {
        return new Behavior.Slicer(
                (int) number(attributes, "average_size", Integer.MAX_VALUE),
                (int) number(attributes, "size_variation", Integer.MAX_VALUE),
                Duration.ofNanos(number(attributes, "delay", TIME_MAX.toNanos() / NANOS_PER_MICRO) * NANOS_PER_MICRO));
    }

    private static Duration millis(Map<String, Long> attributes, String name) {
        return Duration.ofMillis(number(attributes, name, TIME_MAX.toMillis()));
    }

    private static long number(Map<String, Long> attributes, String name, long max) {
        long value = attributes.getOrDefault(name, 0L);
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " must be between 0 and " + max);
        }
        return value;
    }
}

package org.pgrehearse.scenarios.workload;

import java.util.List;
import java.util.random.RandomGenerator;

/** Several workloads at once, each with its share of the arrivals. Safe for use by many threads. */
public final class Blend implements Workload {
    private final List<Part> parts;
    private final long sum;

    /** Takes at least one part, each with a positive weight. */
    public Blend(List<Part> parts) {
        this.parts = List.copyOf(parts);
        this.sum = parts.stream().mapToLong(Part::weight).sum();
        if (parts.isEmpty() || parts.stream().anyMatch(part -> part.weight() < 1)) {
            throw new IllegalArgumentException("Cannot blend " + parts + ": each weight must be positive.");
        }
    }

    @Override
    public String name() {
        return parts.size() == 1 ? parts.getFirst().workload().name() : "blend";
    }

    @Override
    public Transaction choose(RandomGenerator random) {
        if (parts.size() == 1) {
            return parts.getFirst().workload().choose(random);
        }
        long drawn = random.nextLong(sum);
        for (Part part : parts) {
            drawn -= part.weight();
            if (drawn < 0) {
                return part.workload().choose(random);
            }
        }
        throw new IllegalStateException("Cannot choose among " + parts.size() + " workloads.");
    }

    /** A workload and its weight among the others. */
    public record Part(Workload workload, int weight) {}
}

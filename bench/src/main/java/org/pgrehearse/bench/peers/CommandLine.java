package org.pgrehearse.bench.peers;

import java.util.List;
import java.util.Map;

/** A program to start, its arguments, and what its environment has on top of this one's. */
record CommandLine(List<String> words, Map<String, String> environment) {
    CommandLine {
        words = List.copyOf(words);
        environment = Map.copyOf(environment);
    }

    static CommandLine of(String... words) {
        return new CommandLine(List.of(words), Map.of());
    }
}

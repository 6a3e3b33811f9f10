package org.pgrehearse.scenarios.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The words a scenario may use: which steps each migration system has, which faults there are, and how an expectation
 * is checked. The reader knows none of them itself.
 *
 * @param systems steps by the name of their migration system
 * @param expectationProblems what is wrong with each expectation; empty texts for those that are right
 * @param faultProblem what is wrong with the arguments of a kind of fault together, each of them being right
 */
public record Vocabulary(
        Map<String, List<Shape>> systems,
        List<Shape> faults,
        Function<List<String>, List<String>> expectationProblems,
        BiFunction<String, Arguments, Optional<String>> faultProblem) {
    public Vocabulary {
        systems = new LinkedHashMap<>(systems);
        faults = List.copyOf(faults);
    }

    /** Words whose faults need no more than that each argument is right. */
    public Vocabulary(
            Map<String, List<Shape>> systems,
            List<Shape> faults,
            Function<List<String>, List<String>> expectationProblems) {
        this(systems, faults, expectationProblems, (kind, arguments) -> Optional.empty());
    }
}

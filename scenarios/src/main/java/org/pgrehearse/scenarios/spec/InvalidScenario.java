package org.pgrehearse.scenarios.spec;

import java.util.List;
import java.util.stream.Collectors;

/** A scenario file that cannot be run, with everything that is wrong with it. */
public final class InvalidScenario extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** Takes at least one problem. */
    public InvalidScenario(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** All of them, in the order of their lines. */
    public List<Problem> problems() {
        return problems;
    }
}

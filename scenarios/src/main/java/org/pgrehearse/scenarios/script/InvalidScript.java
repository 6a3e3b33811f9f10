package org.pgrehearse.scenarios.script;

import java.util.List;
import java.util.stream.Collectors;

/** A script that cannot be run, with everything that is wrong. */
public final class InvalidScript extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ScriptProblem> problems;

    InvalidScript(List<ScriptProblem> problems) {
        super(problems.stream().map(ScriptProblem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** What is wrong, in the order of the script. */
    public List<ScriptProblem> problems() {
        return problems;
    }
}

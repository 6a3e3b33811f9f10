package org.pgrehearse.scenarios.script;

/** Something wrong with a script, said as {@code file:line: what}. */
public record ScriptProblem(String file, int line, String message) {
    @Override
    public String toString() {
        return file + ":" + line + ": " + message;
    }
}

package org.pgrehearse.scenarios.script;

import java.time.Duration;

/** One command of a script, with the line it begins in. */
public sealed interface Command {
    /** Counted from 1. */
    int line();

    /** A statement, and the prefix of the variables its row is kept in. */
    record Sql(int line, SqlText text, Keep keep, String prefix) implements Command {}

    /** What becomes of a statement's rows. */
    enum Keep {
        /** They are read and forgotten. */
        NOTHING,
        /** {@code \gset}: exactly one row. */
        ONE_ROW,
        /** {@code \aset}: the last row, if there is any. */
        LAST_ROW
    }

    /** {@code \set}. */
    record Assign(int line, String variable, Expression expression) implements Command {}

    /** {@code \sleep}: so many times a unit. */
    record Sleep(int line, Expression amount, Duration unit) implements Command {}

    /** {@code \if}. */
    record If(int line, Expression condition) implements Command {}

    /** {@code \elif}. */
    record ElseIf(int line, Expression condition) implements Command {}

    /** {@code \else}. */
    record Else(int line) implements Command {}

    /** {@code \endif}. */
    record EndIf(int line) implements Command {}
}

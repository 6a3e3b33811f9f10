package org.pgrehearse.scenarios.script;

import java.time.Duration;
import java.util.List;

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

    /**
     * A {@code COPY … FROM STDIN} with the rows that {@code \rows} gives it: so many, each with a value for every
     * column, drawn anew; the variable {@code row} counts them from 1.
     */
    record Copy(int line, SqlText text, Expression rows, List<Expression> values) implements Command {
        public Copy {
            values = List.copyOf(values);
        }
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

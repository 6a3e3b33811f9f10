package org.pgrehearse.scenarios.workload;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.random.RandomGenerator;
import org.pgrehearse.scenarios.script.Command;
import org.pgrehearse.scenarios.script.EvaluationFailed;
import org.pgrehearse.scenarios.script.Expression;
import org.pgrehearse.scenarios.script.Value;
import org.pgrehearse.scenarios.script.Variables;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** The rows of one COPY, made while they are sent: memory does not grow with them. */
final class CopiedRows {
    /** Rows of one statement. */
    static final long ROWS_MAX = 1_000_000;

    private static final String ROW = "row";
    private static final int BUFFER_MAX = 1 << 16;

    private CopiedRows() {}

    /** Sends all of them, or fails and leaves the transaction to be rolled back. */
    static void send(Connection connection, Command.Copy command, Variables variables, RandomGenerator random)
            throws SQLException, EvaluationFailed {
        long rows = command.rows().evaluate(variables, random).asInt();
        if (rows < 0 || rows > ROWS_MAX) {
            throw new EvaluationFailed("\\rows takes 0 to " + ROWS_MAX + " rows, not " + rows);
        }
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(command.text().substituted(variables));
        try {
            StringBuilder buffer = new StringBuilder();
            for (long row = 1; row <= rows; row++) {
                variables.set(ROW, Value.of(row));
                append(buffer, command, variables, random);
                if (buffer.length() >= BUFFER_MAX) {
                    write(copy, buffer);
                }
            }
            write(copy, buffer);
            copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void append(StringBuilder buffer, Command.Copy command, Variables variables, RandomGenerator random)
            throws EvaluationFailed {
        String separator = "";
        for (Expression expression : command.values()) {
            buffer.append(separator).append(field(value(expression, variables, random)));
            separator = "\t";
        }
        buffer.append('\n');
    }

    /** A variable on its own is its text, which need not be a number. */
    private static Value value(Expression expression, Variables variables, RandomGenerator random)
            throws EvaluationFailed {
        return expression instanceof Expression.Variable variable
                        && variables.find(variable.name()).isPresent()
                ? variables.find(variable.name()).get()
                : expression.evaluate(variables, random);
    }

    private static String field(Value value) {
        return value.equals(Value.none())
                ? "\\N"
                : value.text()
                        .replace("\\", "\\\\")
                        .replace("\t", "\\t")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r");
    }

    private static void write(CopyIn copy, StringBuilder buffer) throws SQLException {
        byte[] bytes = buffer.toString().getBytes(StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        buffer.setLength(0);
    }
}

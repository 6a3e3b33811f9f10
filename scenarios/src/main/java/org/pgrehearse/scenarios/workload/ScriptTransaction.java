package org.pgrehearse.scenarios.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.script.Command;
import org.pgrehearse.scenarios.script.EvaluationFailed;
import org.pgrehearse.scenarios.script.Expression;
import org.pgrehearse.scenarios.script.KeyStatements;
import org.pgrehearse.scenarios.script.Script;
import org.pgrehearse.scenarios.script.SqlText;
import org.pgrehearse.scenarios.script.Value;
import org.pgrehearse.scenarios.script.Variables;
import org.postgresql.PGStatement;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * One run of a script. The same seed draws the same numbers, also when it is run again.
 *
 * @param name of the script, as the journal calls the transaction
 * @param writes whether the ledger is written and committed with it
 * @param keyed statements whose rows are keys to record
 * @param isolation how far it is isolated when it writes; empty where the load says it
 * @param held whether it waits while the application pauses its writes
 */
record ScriptTransaction(
        String name,
        Script script,
        Script.Form form,
        KeyStatements keyed,
        boolean writes,
        Optional<Isolation> isolation,
        boolean held,
        QueryMode mode,
        Map<String, Value> definitions,
        long seed)
        implements Transaction {
    private static final String WHO = "SELECT pgrehearse.executed_on(), pg_backend_pid()";

    @Override
    public Executor run(Connection connection, long token) throws SQLException {
        if (writes && form instanceof Script.Form.Block block && !block.modes().isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION " + block.modes());
            }
        }
        Executor executor = who(connection);
        PreferQueryMode before = switchTo(connection);
        try {
            Course course = new Course(connection);
            course.run();
            return executor.with(course.keys.keys());
        } finally {
            restore(connection, before);
        }
    }

    private Executor who(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WHO);
                ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("Cannot ask the server who it is: it returned no row.");
            }
            return writes ? Executor.ofWrite(row.getInt(2)) : Executor.ofRead(row.getString(1));
        }
    }

    private PreferQueryMode switchTo(Connection connection) throws SQLException {
        BaseConnection base = connection.unwrap(BaseConnection.class);
        PreferQueryMode before = base.getPreferQueryMode();
        if (mode == QueryMode.SIMPLE) {
            base.getQueryExecutor().setPreferQueryMode(PreferQueryMode.SIMPLE);
        }
        return before;
    }

    private static void restore(Connection connection, PreferQueryMode before) throws SQLException {
        connection.unwrap(BaseConnection.class).getQueryExecutor().setPreferQueryMode(before);
    }

    /** The commands one after the other, with the branches that are taken. */
    private final class Course {
        private final Connection connection;
        private final SplittableRandom random = new SplittableRandom(seed);
        private final Variables variables = new Variables(definitions);
        private final RowKeys.Catcher keys = new RowKeys.Catcher(keyed.table());
        private final Deque<Branch> branches = new ArrayDeque<>();

        Course(Connection connection) {
            this.connection = connection;
        }

        void run() throws SQLException {
            List<Command> commands = script.commands();
            for (int i = 0; i < commands.size(); i++) {
                Command command = commands.get(i);
                try {
                    step(i, command);
                } catch (EvaluationFailed e) {
                    throw new SQLException(
                            "Cannot run " + script.name() + ":" + command.line() + ": " + e.getMessage() + ".", e);
                }
            }
        }

        private void step(int index, Command command) throws SQLException, EvaluationFailed {
            switch (command) {
                case Command.If each ->
                    branches.push(
                            !active() ? Branch.DONE : evaluate(each.condition()).isTrue() ? Branch.TAKEN : Branch.OPEN);
                case Command.ElseIf each -> {
                    Branch branch = branches.pop();
                    boolean asked = branch == Branch.OPEN && active();
                    branches.push(
                            asked ? evaluate(each.condition()).isTrue() ? Branch.TAKEN : Branch.OPEN : Branch.DONE);
                }
                case Command.Else each -> branches.push(branches.pop() == Branch.OPEN ? Branch.TAKEN : Branch.DONE);
                case Command.EndIf each -> branches.pop();
                case Command.Assign each -> {
                    if (active()) {
                        variables.set(each.variable(), evaluate(each.expression()));
                    }
                }
                case Command.Sleep each -> {
                    if (active()) {
                        sleep(each);
                    }
                }
                case Command.Copy each -> {
                    if (active()) {
                        CopiedRows.send(connection, each, variables, random);
                    }
                }
                case Command.Sql each -> {
                    if (active() && !replaced(index)) {
                        execute(each);
                    }
                }
            }
        }

        private boolean active() {
            return branches.stream().allMatch(branch -> branch == Branch.TAKEN);
        }

        /** The BEGIN and COMMIT of a transaction that the ledger is part of are sent by whoever writes the ledger. */
        private boolean replaced(int index) {
            return writes
                    && form instanceof Script.Form.Block block
                    && (index == block.begin() || index == block.commit());
        }

        private Value evaluate(Expression expression) throws EvaluationFailed {
            return expression.evaluate(variables, random);
        }

        private void sleep(Command.Sleep command) throws SQLException, EvaluationFailed {
            long nanos = Math.multiplyExact(
                    Math.max(0, evaluate(command.amount()).asInt()),
                    command.unit().toNanos());
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SQLException("Interrupted in \\sleep: the load ended.", e);
            }
        }

        private void execute(Command.Sql command) throws SQLException {
            SqlText text = command.text();
            if (mode == QueryMode.SIMPLE) {
                try (Statement statement = connection.createStatement()) {
                    statement.setEscapeProcessing(false);
                    keep(command, statement, statement.execute(text.substituted(variables)));
                }
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement(text.parameterized())) {
                if (mode == QueryMode.EXTENDED) {
                    statement.unwrap(PGStatement.class).setPrepareThreshold(0);
                }
                List<String> names = text.parameters();
                for (int i = 0; i < names.size(); i++) {
                    bind(statement, i + 1, names.get(i));
                }
                keep(command, statement, statement.execute());
            }
        }

        /** As text of a type that the server works out. */
        private void bind(PreparedStatement statement, int at, String name) throws SQLException {
            Value value = variables.find(name).orElse(Value.none());
            if (value.equals(Value.none())) {
                statement.setNull(at, Types.OTHER);
            } else {
                statement.setObject(at, value.text(), Types.OTHER);
            }
        }

        private void keep(Command.Sql command, Statement statement, boolean rows) throws SQLException {
            KeyStatements.Kind kind = keyed.kind(command.text());
            if (command.keep() == Command.Keep.NOTHING && kind == KeyStatements.Kind.NEITHER) {
                return;
            }
            if (!rows) {
                throw wrong(command, "expected one row, got none");
            }
            try (ResultSet row = statement.getResultSet()) {
                int count = 0;
                while (row.next()) {
                    count++;
                    if (count > 1 && command.keep() == Command.Keep.ONE_ROW) {
                        throw wrong(command, "expected one row, got more");
                    }
                    keys.take(kind, row);
                    if (command.keep() != Command.Keep.NOTHING) {
                        set(command.prefix(), row);
                    }
                }
                if (count == 0 && command.keep() == Command.Keep.ONE_ROW) {
                    throw wrong(command, "expected one row, got none");
                }
            }
        }

        private void set(String prefix, ResultSet row) throws SQLException {
            ResultSetMetaData columns = row.getMetaData();
            for (int i = 1; i <= columns.getColumnCount(); i++) {
                @Nullable String value = row.getString(i);
                variables.set(prefix + columns.getColumnLabel(i), value == null ? Value.of("") : Value.of(value));
            }
        }

        private SQLException wrong(Command.Sql command, String message) {
            return new SQLException("Cannot run " + script.name() + ":" + command.line() + ": " + message + ".");
        }
    }

    private enum Branch {
        /** None of the branches held yet. */
        OPEN,
        /** The branch that runs. */
        TAKEN,
        /** One ran already, or the whole is inside a branch that does not. */
        DONE
    }
}

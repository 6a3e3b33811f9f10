package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.absent;
import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.ColumnRules;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.compare.Progress;
import org.pgrehearse.verifier.compare.Verifier;
import org.pgrehearse.verifier.compare.VerifyOptions;
import org.pgrehearse.verifier.endpoint.CannotConnectException;

/**
 * The exact comparison of tables with other tables of the same database. Both are read under one exported snapshot: of
 * every transaction it shows all or nothing, so what triggers keep equal is equal in it, however many users write on.
 */
final class Compare {
    private static final int JOBS = 2;
    private static final int ROWS_TOLD_MAX = 5;

    private Compare() {}

    static Step step() {
        return new Step(
                Shape.of(
                        "compare",
                        "Fail unless tables hold what other tables of the same database hold at one moment",
                        choice("on", "source", "target"),
                        required("map", ArgumentKind.MAPS),
                        absent("map-column", ArgumentKind.MAPS),
                        absent("ignore-column", ArgumentKind.TEXTS)),
                Compare::compare);
    }

    private static Step.Done compare(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        Server server = OwnSteps.server(rig, arguments);
        List<String> maps = arguments.list("map");
        try (Connection moment = server.admin()) {
            moment.setAutoCommit(false);
            Sql.run(moment, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            String snapshot = Sql.value(moment, "SELECT pg_export_snapshot()")
                    .orElseThrow(() -> new SQLException("Cannot export a snapshot: the server named none."));
            ServerConnections connections = new ServerConnections(server);
            VerifyOptions options = VerifyOptions.of(connections, connections)
                    .withSnapshots(snapshot, snapshot)
                    .withSelection(selection(arguments, maps))
                    .withMaxDifferences(ROWS_TOLD_MAX)
                    .withJobs(JOBS);
            return judge(new Verifier().verify(options, Progress.NONE).tables(), arguments.text("on"), maps.size());
        } catch (InvalidInputException e) {
            throw new StepFailed(String.valueOf(e.getMessage()), e);
        } catch (CannotConnectException e) {
            throw new StepUndecided(String.valueOf(e.getMessage()), e);
        } catch (SQLException e) {
            throw new StepUndecided(
                    "Cannot take a snapshot of the " + arguments.text("on") + ": " + e.getMessage()
                            + ". Look at the server's log in the run's folder.",
                    e);
        }
    }

    /**
     * How the rows of one server's tables differ from those of another's; empty when they are the same.
     *
     * @throws StepUndecided when a table could not be compared
     */
    static String differences(Server first, Server second, Selection selection)
            throws StepFailed, InterruptedException {
        try {
            VerifyOptions options = VerifyOptions.of(new ServerConnections(first), new ServerConnections(second))
                    .withSelection(selection)
                    .withMaxDifferences(ROWS_TOLD_MAX)
                    .withJobs(JOBS);
            List<TableComparison> tables =
                    new Verifier().verify(options, Progress.NONE).tables();
            List<TableComparison> doubtful = with(tables, Verdict.INCONCLUSIVE);
            List<TableComparison> divergent = with(tables, Verdict.DIVERGENT);
            if (divergent.isEmpty() && !doubtful.isEmpty()) {
                throw new StepUndecided(doubtful.stream()
                        .map(table -> "Cannot compare " + table.source() + ": " + table.reason() + ".")
                        .collect(Collectors.joining(" ")));
            }
            return divergent.stream().map(Compare::differences).collect(Collectors.joining(" "));
        } catch (InvalidInputException e) {
            throw new StepFailed(String.valueOf(e.getMessage()), e);
        } catch (CannotConnectException e) {
            throw new StepUndecided(String.valueOf(e.getMessage()), e);
        }
    }

    private static Selection selection(Arguments arguments, List<String> maps) {
        List<String> tables = maps.stream()
                .map(map -> map.substring(0, map.indexOf('=')).strip())
                .toList();
        return Selection.of(tables, List.of(), maps)
                .withColumns(new ColumnRules(arguments.list("map-column"), arguments.list("ignore-column")));
    }

    /** A proven difference goes before a doubt; a comparison of fewer tables than were asked for is a doubt. */
    static Step.Done judge(List<TableComparison> tables, String side, int asked) throws StepFailed {
        List<TableComparison> divergent = with(tables, Verdict.DIVERGENT);
        if (!divergent.isEmpty()) {
            throw new StepFailed(divergent.stream().map(Compare::differences).collect(Collectors.joining(" "))
                    + " All on the " + side + ", at one moment.");
        }
        List<TableComparison> doubtful = with(tables, Verdict.INCONCLUSIVE);
        if (!doubtful.isEmpty()) {
            throw new StepUndecided(doubtful.stream()
                    .map(table -> "Cannot compare " + names(table) + " on the " + side + ": " + table.reason() + ".")
                    .collect(Collectors.joining(" ")));
        }
        if (tables.size() < asked) {
            throw new StepUndecided("Cannot compare all tables on the " + side + ": of " + asked + " pairs "
                    + tables.size() + " were compared. Map every table once.");
        }
        return Step.Done.of(tables.stream()
                .map(table -> names(table) + " hold the same " + table.sourceRows() + " rows")
                .collect(Collectors.joining("; ")));
    }

    private static List<TableComparison> with(List<TableComparison> tables, Verdict verdict) {
        return tables.stream().filter(table -> table.verdict() == verdict).toList();
    }

    private static String names(TableComparison table) {
        return table.source() + " and " + table.target();
    }

    private static String differences(TableComparison table) {
        List<String> told = table.differences().stream()
                .limit(ROWS_TOLD_MAX)
                .map(Compare::told)
                .toList();
        return names(table) + " differ: of " + table.sourceRows() + " rows " + table.missing()
                + " are missing in the second, " + table.unexpected() + " are only in the second, " + table.changed()
                + " have other values"
                + (told.isEmpty() ? "." : ". First: " + String.join("; ", told) + ".");
    }

    private static String told(RowDifference difference) {
        return switch (difference) {
            case RowDifference.Missing(List<RowDifference.Cell> key) -> cells(key) + " is missing";
            case RowDifference.Unexpected(List<RowDifference.Cell> key) -> cells(key) + " is only in the second";
            case RowDifference.Changed(List<RowDifference.Cell> key, List<RowDifference.ColumnChange> columns) ->
                cells(key) + " has "
                        + columns.stream()
                                .map(column -> column.name() + " " + column.source() + " and " + column.target())
                                .collect(Collectors.joining(", "));
            case RowDifference.Occurrences(List<RowDifference.Cell> row, long one, long other) ->
                cells(row) + " is there " + one + " and " + other + " times";
        };
    }

    private static String cells(List<RowDifference.Cell> cells) {
        return cells.stream().map(cell -> cell.column() + " " + cell.value()).collect(Collectors.joining(", "));
    }
}

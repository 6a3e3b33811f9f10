package org.pgrehearse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.pgrehearse.reports.journal.JournalException;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.live.NotLiveException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Turns what a command could not handle into one clear message and an exit code. The only place that catches
 * everything.
 */
final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        switch (failure) {
            case InvalidScenario invalid -> invalid.problems().forEach(err::println);
            case UsageException usage -> err.println(usage.getMessage());
            case InvalidInputException invalid -> err.println(invalid.getMessage());
            case CannotConnectException unreachable -> err.println(unreachable.getMessage());
            case NotLiveException unable -> err.println(unable.getMessage());
            case EnvironmentException unable -> err.println(unable.getMessage());
            case JournalException unable -> err.println(unable.getMessage());
            case IOException unable -> err.println("Cannot read or write: " + describe(unable));
            case UncheckedIOException unable -> err.println("Cannot read or write: " + describe(unable));
            case SQLException unable -> err.println("Cannot go on: " + describe(unable));
            default -> {
                err.println(
                        "This is a bug in pgrehearse " + Version.current() + ". Please report it with these lines:");
                failure.printStackTrace(err);
            }
        }
        return exitCode(failure);
    }

    private static int exitCode(Exception failure) {
        return switch (failure) {
            case InvalidScenario invalid -> ExitCode.USAGE;
            case UsageException usage -> ExitCode.USAGE;
            case InvalidInputException invalid -> ExitCode.USAGE;
            case CannotConnectException unreachable -> ExitCode.INCONCLUSIVE;
            case NotLiveException unable -> ExitCode.INCONCLUSIVE;
            case EnvironmentException unable -> ExitCode.INCONCLUSIVE;
            case JournalException unable -> ExitCode.INCONCLUSIVE;
            case IOException unable -> ExitCode.INCONCLUSIVE;
            case UncheckedIOException unable -> ExitCode.INCONCLUSIVE;
            case SQLException unable -> ExitCode.INCONCLUSIVE;
            default -> ExitCode.BUG;
        };
    }

    private static String describe(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}

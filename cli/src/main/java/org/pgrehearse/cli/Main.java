package org.pgrehearse.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code pgrehearse}. */
@Command(
        name = "pgrehearse",
        description = "Rehearses PostgreSQL migrations on real servers, and proves what they did to the data.",
        subcommands = {
            RunCommand.class,
            VerifyCommand.class,
            PreflightCommand.class,
            ReportCommand.class,
            ListCommand.class,
            ProxyCommand.class,
            CaptureCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0   proven: consistent, every expectation held, or nothing that breaks a migration",
            "  1   refuted: data diverges, an expectation failed, or a migration would break",
            "  2   inconclusive: something could not be read, decided or measured",
            "  64  usage: bad option or bad scenario file",
            "  70  a bug in pgrehearse",
            "  130, 143  interrupted"
        })
public final class Main implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-?", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this help and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Print the version and exit.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean version;

    /** Runs one command and exits with its code. */
    public static void main(String... arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = commandLine(out, err).execute(arguments);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** The command line with its outputs, as tests run it too. */
    static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine line = new CommandLine(new Main());
        line.setOut(out);
        line.setErr(err);
        line.getCommandSpec().version("pgrehearse " + Version.current());
        line.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().exitCodeOnInvalidInput(ExitCode.USAGE));
        line.setExecutionExceptionHandler(new Failures());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(spec.commandLine(), "Missing command.");
        }
    }
}

package org.pgrehearse.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.render.JepsenHistory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pgrehearse report}. */
@Command(
        name = "report",
        description = "Judge a stored run again, from its journal alone, and write its reports again.")
final class ReportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "The folder of a run, such as runs/latest.")
    @SuppressWarnings("NullAway.Init") // it is required
    private Path folder;

    @Option(names = "--format", defaultValue = "TEXT", description = "What stdout gets: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private Format format;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "Also write the recorded transactions as a history in Jepsen's JSON, one operation a line.")
    private @Nullable Path history;

    @Option(
            names = "--history-model",
            paramLabel = "MODEL",
            defaultValue = "LIST_APPEND",
            description = "Which transactions the history takes: ${COMPLETION-CANDIDATES}; default LIST_APPEND.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private JepsenHistory.Model model;

    @Override
    public Integer call() throws IOException {
        if (history != null) {
            Judged.writeHistory(folder, history, model);
        }
        return Judged.of(folder).present(spec.commandLine().getOut(), format);
    }
}

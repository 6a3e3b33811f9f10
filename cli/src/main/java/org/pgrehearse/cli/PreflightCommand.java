package org.pgrehearse.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.TextReport;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionString;
import org.pgrehearse.verifier.endpoint.Endpoint;
import org.pgrehearse.verifier.endpoint.Surroundings;
import org.pgrehearse.verifier.preflight.Inspection;
import org.pgrehearse.verifier.preflight.Migration;
import org.pgrehearse.verifier.preflight.Preflight;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgrehearse preflight}. */
@Command(name = "preflight", description = "List what will break a migration before it starts. Reads only.")
final class PreflightCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "S",
            description = "Where the data is: what psql's -d takes.")
    @SuppressWarnings("NullAway.Init") // it is required
    private String source;

    @Option(names = "--target", paramLabel = "T", description = "Where the data will go, if it is there already.")
    private @Nullable String target;

    @Option(
            names = "--migration",
            paramLabel = "KIND",
            description = "Keep what bites this kind, by the word of a scenario's migration; repeatable.")
    private List<String> kinds = new ArrayList<>();

    @Option(names = "--format", defaultValue = "TEXT", description = "What stdout gets: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private Format format;

    @Override
    public Integer call() throws CannotConnectException {
        Set<Migration> named = kinds.stream().map(Migration::of).collect(Collectors.toSet());
        Inspection inspection = Preflight.of(named).inspect(endpoint(source), target == null ? null : endpoint(target));
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case TEXT -> out.print(new TextReport().of(inspection));
            case JSON -> out.println(new JsonReport().of(inspection).strip());
        }
        out.flush();
        return inspection.verdict().exitCode();
    }

    private Endpoint endpoint(String text) {
        Endpoint endpoint = ConnectionString.parse(text, Surroundings.ofProcess());
        endpoint.warnings().forEach(spec.commandLine().getErr()::println);
        return endpoint;
    }
}

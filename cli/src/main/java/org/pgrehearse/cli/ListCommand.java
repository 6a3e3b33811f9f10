package org.pgrehearse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pgrehearse list}. */
@Command(name = "list", description = "Name the scenarios of the catalogue, or print one of them.")
final class ListCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "Print this scenario's file.")
    private @Nullable String name;

    @Override
    public Integer call() throws IOException, InvalidScenario {
        PrintWriter out = spec.commandLine().getOut();
        if (name != null) {
            String scenario = name;
            out.print(Catalogue.yaml(scenario)
                    .orElseThrow(() -> new UsageException("Cannot find \"" + scenario
                            + "\" in the catalogue. It holds: " + String.join(", ", Catalogue.names()) + ".")));
        } else {
            for (String each : Catalogue.names()) {
                out.printf("%-26s %s%n", each, Scenarios.load(each).description());
            }
        }
        out.flush();
        return ExitCode.PROVEN;
    }
}

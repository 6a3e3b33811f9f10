package org.pgrehearse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.JournalWriter;
import org.pgrehearse.reports.journal.RunClock;
import org.pgrehearse.scenarios.Outside;
import org.pgrehearse.scenarios.Rehearsal;
import org.pgrehearse.scenarios.RehearsalPlan;
import org.pgrehearse.scenarios.ResultFolder;
import org.pgrehearse.scenarios.environment.Machine;
import org.pgrehearse.scenarios.environment.PostgresBinaries;
import org.pgrehearse.scenarios.fault.FaultWords;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.ScenarioWriter;
import org.pgrehearse.verifier.endpoint.Surroundings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pgrehearse run}. */
@Command(name = "run", description = "Rehearse a scenario on real servers, and judge what happened.")
final class RunCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");
    private static final int TOXIPROXY_PORT = 8474;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private CommandSpec spec;

    @Parameters(
            paramLabel = "SCENARIO",
            description = "A YAML file, a name from \"pgrehearse list\", or a .sql file or a folder of them.")
    @SuppressWarnings("NullAway.Init") // it is required
    private String scenarioName;

    @Option(names = "--seed", paramLabel = "N", description = "Replay the data, schedule and choices of this seed.")
    private @Nullable Long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Take the results here; default runs/<scenario>/<UTC time>.")
    private @Nullable Path out;

    @Option(names = "--format", defaultValue = "TEXT", description = "What stdout gets: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private Format format;

    @Option(
            names = "--environment",
            paramLabel = "KIND|FILE",
            description = "Override the scenario's: embedded, local, or a YAML file that holds an environment.")
    private @Nullable String environment;

    @Option(
            names = "--on-production",
            paramLabel = "DATABASE",
            split = ",",
            description = "Rehearse on external databases of these names although they look like production; the"
                    + " environment must say so, too.")
    private List<String> onProduction = List.of();

    @Option(
            names = "--toxiproxy",
            paramLabel = "URL",
            description = "Use the proxies of the Toxiproxy at this URL, which must reach the servers.")
    private @Nullable String toxiproxy;

    @Option(
            names = "--explain",
            description = "Print the servers and the steps as YAML, or with --format JSON as JSON; start nothing.")
    private boolean explain;

    @Option(
            names = "--metrics",
            paramLabel = "PORT",
            description = "Serve what is happening in Prometheus' format on http://127.0.0.1:PORT/metrics.")
    private @Nullable Integer metrics;

    @Override
    public Integer call() throws IOException, InvalidScenario {
        Scenario scenario = scenario();
        if (explain) {
            spec.commandLine()
                    .getOut()
                    .println(RunExplanation.text(scenario, format).strip());
            return ExitCode.PROVEN;
        }
        Optional<InetSocketAddress> elsewhere = toxiproxy(scenario);
        Instant now = Instant.now();
        ResultFolder folder = out == null ? ResultFolder.create(RUNS, scenario.name(), now) : given(out);
        Files.writeString(folder.scenario(), ScenarioWriter.write(scenario));
        long chosen = Seeds.given(seed);
        PrintWriter err = spec.commandLine().getErr();
        err.println("Rehearsing " + scenario.name() + " with seed " + chosen + " into " + folder.path());
        try (Interruption interruption = new Interruption()) {
            rehearse(scenario, chosen, folder, now, elsewhere, interruption);
            return Judged.of(folder.path()).present(spec.commandLine().getOut(), format);
        }
    }

    private Scenario scenario() throws IOException, InvalidScenario {
        Scenario scenario = Scenarios.load(scenarioName);
        if (environment == null) {
            return scenario;
        }
        return scenario.in(Scenarios.environment(environment, scenario.environment()));
    }

    private static ResultFolder given(Path folder) throws IOException {
        return ResultFolder.at(folder)
                .orElseThrow(() -> new UsageException(
                        "Cannot write results into " + folder + ": it is not empty. Name a new folder."));
    }

    private void rehearse(
            Scenario scenario,
            long chosen,
            ResultFolder folder,
            Instant now,
            Optional<InetSocketAddress> elsewhere,
            Interruption interruption) {
        PrintWriter err = spec.commandLine().getErr();
        Machine machine = Machine.detect();
        PostgresBinaries binaries = PostgresBinaries.of(jarFolders(), machine.cache(), err::println);
        RehearsalPlan embedded = new RehearsalPlan(
                scenario,
                chosen,
                folder.logs(),
                machine,
                binaries,
                Version.current(),
                now,
                Scenarios.folder(scenarioName));
        RehearsalPlan plan = elsewhere
                .map(embedded::through)
                .orElse(embedded)
                .with(new Outside(Surroundings.ofProcess(), String.join(",", onProduction)));
        try (JournalWriter journal = new JournalWriter(folder.journal(), RunClock.startedNow())) {
            Rehearsal rehearsal = new Rehearsal(plan, journal, err::println);
            interruption.stopBy(rehearsal::stop);
            try (Metrics _metrics = Metrics.serve(metrics, rehearsal::live);
                    LiveLine _line = new LiveLine(err, Terminal.isPresent(), rehearsal::live)) {
                rehearsal.run();
            }
        }
    }

    private Optional<InetSocketAddress> toxiproxy(Scenario scenario) {
        if (toxiproxy == null) {
            return Optional.empty();
        }
        for (FaultSpec fault : scenario.faults()) {
            if (FaultWords.followsProtocol(fault.fault())) {
                throw new UsageException("Cannot rehearse " + scenario.name() + " with a Toxiproxy: its fault \""
                        + fault.name() + "\" follows PostgreSQL's protocol, which only the embedded fault proxy does."
                        + " Leave out --toxiproxy, or that fault.");
            }
        }
        return Optional.of(api(toxiproxy));
    }

    private static InetSocketAddress api(String url) {
        URI uri;
        try {
            uri = new URI(url.contains("://") ? url : "http://" + url);
        } catch (URISyntaxException e) {
            throw noToxiproxy(url);
        }
        if (uri.getHost() == null || !"http".equals(uri.getScheme())) {
            throw noToxiproxy(url);
        }
        return new InetSocketAddress(
                uri.getHost().replace("[", "").replace("]", ""), uri.getPort() < 0 ? TOXIPROXY_PORT : uri.getPort());
    }

    private static UsageException noToxiproxy(String url) {
        return new UsageException("Cannot use \"" + url + "\" as Toxiproxy: it is no such address. Write it as"
                + " http://127.0.0.1:" + TOXIPROXY_PORT + ".");
    }

    /** Where the build put the servers of the first command. */
    private static List<Path> jarFolders() {
        String folder = System.getProperty("pgrehearse.postgres.jars");
        return folder == null ? List.of() : List.of(Path.of(folder));
    }
}

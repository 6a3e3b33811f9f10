package org.pgrehearse.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.Reports;
import org.pgrehearse.reports.render.JsonReport;
import org.pgrehearse.reports.render.TextReport;
import org.pgrehearse.verifier.Redaction;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.catalog.ColumnRules;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.compare.Verifier;
import org.pgrehearse.verifier.compare.VerifyOptions;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionString;
import org.pgrehearse.verifier.endpoint.Endpoint;
import org.pgrehearse.verifier.endpoint.Surroundings;
import org.pgrehearse.verifier.live.NotLiveException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgrehearse verify}. */
@Command(name = "verify", description = "Compare two databases exactly, and list what differs. Reads only.")
final class VerifyCommand implements Callable<Integer> {
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

    @Option(names = "--target", required = true, paramLabel = "T", description = "Where the data went.")
    @SuppressWarnings("NullAway.Init") // it is required
    private String target;

    @Option(names = "--table", paramLabel = "PATTERN", description = "Compare only these, as schema.table with *.")
    private List<String> tables = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "PATTERN", description = "Leave these out.")
    private List<String> excluded = new ArrayList<>();

    @Option(
            names = "--map",
            paramLabel = "S.T=S2.T2",
            description = "Compare a table with one of another name; S.*=S2.* maps all tables of a schema.")
    private List<String> mapped = new ArrayList<>();

    @Option(
            names = "--map-column",
            paramLabel = "MAP",
            description = "S.T.C=S2.T2.C2 compares a column with one of another name; S2.T2.C2=(EXPRESSION) compares a"
                    + " column of the target with what the source computes.")
    private List<String> mappedColumns = new ArrayList<>();

    @Option(
            names = "--ignore-column",
            paramLabel = "S.T.C",
            description = "Leave a column out on purpose; the result lists it as excluded.")
    private List<String> ignoredColumns = new ArrayList<>();

    @Option(names = "--redact", description = "Show fingerprints instead of values, on stdout and in the reports.")
    private boolean redact;

    @Option(
            names = "--digest",
            defaultValue = "EXACT",
            description = "What \"the same\" means: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private DigestKind digest;

    @Option(names = "--jobs", defaultValue = "2", paramLabel = "N", description = "Connections a side; default 2.")
    private int jobs;

    @Option(
            names = "--max-differences",
            defaultValue = "100",
            paramLabel = "N",
            description = "Differing rows listed for each table; all are counted. Default 100.")
    private int maxDifferences;

    @Option(names = "--format", defaultValue = "TEXT", description = "What stdout gets: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // it has a default
    private Format format;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Write report.html, report.json, junit.xml and summary.md here.")
    private @Nullable Path report;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "Keep here what is finished, and continue from it after an interruption.")
    private @Nullable Path resume;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private GentleOptions gentle;

    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli sets it before call
    private LiveMode live;

    @Option(names = "--explain", description = "Print the plan and the SQL, and read no row.")
    private boolean explain;

    @Override
    public Integer call() throws IOException, CannotConnectException, NotLiveException, InterruptedException {
        VerifyOptions options = gentle.applied(VerifyOptions.of(endpoint(source), endpoint(target))
                .withSelection(Selection.of(tables, excluded, mapped)
                        .withColumns(new ColumnRules(mappedColumns, ignoredColumns)))
                .withDigest(digest)
                .withJobs(jobs)
                .withMaxDifferences(maxDifferences)
                .withResume(resume));
        return explain ? explain(options) : verify(options);
    }

    private Endpoint endpoint(String text) {
        Endpoint endpoint = ConnectionString.parse(text, Surroundings.ofProcess());
        endpoint.warnings().forEach(spec.commandLine().getErr()::println);
        return endpoint;
    }

    private int verify(VerifyOptions options)
            throws IOException, CannotConnectException, NotLiveException, InterruptedException {
        Verification verification;
        try (Interruption interruption = new Interruption();
                VerifyProgress progress = new VerifyProgress(spec.commandLine().getErr(), Terminal.isPresent())) {
            interruption.stopBy(Thread.currentThread()::interrupt);
            Verification found = live.verify(options, progress);
            verification = redact ? Redaction.ofOneRun().of(found) : found;
        }
        if (report != null) {
            Reports.write(verification, report);
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (format) {
            case TEXT -> out.print(new TextReport().of(verification));
            case JSON -> out.println(new JsonReport().of(verification).strip());
        }
        out.flush();
        StartArchive.complete();
        return verification.verdict().exitCode();
    }

    private int explain(VerifyOptions options) throws CannotConnectException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.print(Explanations.text(new Verifier().explain(options)));
        out.flush();
        return ExitCode.PROVEN;
    }
}

package org.pgrehearse.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.LocalInstallations;

/**
 * Runs this verifier, its peers and the floor on the same tables and prints how they relate. Exits with 0 when
 * pgrehearse gave the true answer every time, 1 when it did not, 2 when the comparison could not be run, and 64 when
 * the options are wrong. Peers that are not installed are left out, which is said.
 */
public final class Peers {
    private static final String REFERENCE = "pgrehearse exact";
    private static final String SMALL_HEAP = "-Xmx24m";
    private static final Duration RUN_DEADLINE = Duration.ofMinutes(15);
    private static final int PROVEN = 0;
    private static final int REFUTED = 1;
    private static final int INCONCLUSIVE = 2;
    private static final int USAGE = 64;

    private final PeersOptions options;
    private final Path launcher;
    private final Path folder;
    private final List<Contender> contenders = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private Peers(PeersOptions options, Path repository) {
        this.options = options;
        this.launcher = repository.resolve("pgrehearse");
        this.folder = repository.resolve("bench/target/peers");
    }

    /** Runs the comparison from the repository's root; {@code --help} names the options. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments)));
    }

    private static int run(List<String> arguments) throws InterruptedException {
        if (arguments.contains("--help")) {
            System.out.println(PeersOptions.USAGE);
            return PROVEN;
        }
        try {
            return new Peers(PeersOptions.parse(arguments), Path.of("").toAbsolutePath()).compare();
        } catch (PeersOptions.InvalidOptionsException invalid) {
            System.err.println(invalid.getMessage());
            return USAGE;
        } catch (EnvironmentException | IOException | SQLException failed) {
            System.err.println("Cannot compare with the peers: " + failed.getMessage());
            return INCONCLUSIVE;
        }
    }

    private int compare() throws IOException, SQLException, InterruptedException {
        Files.createDirectories(folder);
        Programs programs =
                new Programs(Optional.ofNullable(System.getenv("PATH")).orElse(""));
        Optional<Path> time = programs.find("time");
        if (time.isEmpty()) {
            notes.add("Memory and CPU seconds are unknown: GNU time is missing. Install it with: bench/peers/install");
        }
        Stopwatch stopwatch = new Stopwatch(folder, time, RUN_DEADLINE);
        // The first start may build, and fills the archive of loaded classes.
        Surroundings surroundings = new Surroundings(stopwatch);
        surroundings.version("pgrehearse", launcher);
        LocalInstallations installations = LocalInstallations.detect(System.getenv(), Path.of("/"));
        try (Servers servers = Servers.start(installations, folder, Peers::say)) {
            surroundings.add("PostgreSQL", servers.version());
            addOurs(installations.installation(Servers.MAJOR).program("psql"));
            addPeers(servers, programs, surroundings);
            notes.forEach(Peers::say);
            String preamble = surroundings.describe(Instant.now(), options, notes);
            List<ResultTable.Round> rounds =
                    new Comparison(options, servers, contenders, stopwatch, Peers::say).run(preamble, REFERENCE);
            System.out.println(preamble + ResultTable.render(rounds, REFERENCE));
            say("Written to " + options.out());
            return verdict(rounds);
        }
    }

    private static void say(String line) {
        System.err.println(line);
    }

    private void addOurs(Path psql) {
        contenders.add(new PsqlDigest(
                ResultTable.FLOOR + ", serial",
                psql,
                "-c max_parallel_workers_per_gather=0",
                TableUnderTest::floorDigest));
        contenders.add(new PsqlDigest(
                ResultTable.FLOOR + ", parallel",
                psql,
                "-c max_parallel_workers_per_gather=2",
                TableUnderTest::floorDigest));
        Path heapLog = folder.resolve("heap.log");
        contenders.add(new Pgrehearse(REFERENCE, launcher, "exact", "", heapLog));
        contenders.add(new Pgrehearse("pgrehearse exact, " + SMALL_HEAP, launcher, "exact", SMALL_HEAP, heapLog));
        contenders.add(new Pgrehearse("pgrehearse equal", launcher, "equal", "", heapLog));
        contenders.add(new PsqlDigest(
                "sum of md5(t::text)", psql, "-c max_parallel_workers_per_gather=2", TableUnderTest::naiveDigest));
    }

    private void addPeers(Servers servers, Programs programs, Surroundings surroundings)
            throws IOException, SQLException, InterruptedException {
        Optional<Path> comparator = programs.find("pg_comparator");
        if (comparator.isPresent() && servers.createComparatorExtension()) {
            surroundings.version("pg_comparator", comparator.orElseThrow());
            contenders.add(new PgComparator(comparator.orElseThrow()));
        } else {
            notes.add("pg_comparator is missing. Install it with: bench/peers/install");
        }
        Path own = folder.resolve("venv/bin/reladiff");
        Optional<Path> reladiff = Files.isExecutable(own) ? Optional.of(own) : programs.find("reladiff");
        if (reladiff.isPresent()) {
            surroundings.version("reladiff", reladiff.orElseThrow());
            contenders.add(new Reladiff(reladiff.orElseThrow()));
        } else {
            notes.add("reladiff is missing. Install it with: bench/peers/install");
        }
    }

    /** Wrong answers of others are only printed. */
    private static int verdict(List<ResultTable.Round> rounds) {
        boolean right = rounds.stream()
                .flatMap(round -> round.results().stream())
                .filter(result -> result.tool().startsWith("pgrehearse"))
                .allMatch(Tally.Result::right);
        return right ? PROVEN : REFUTED;
    }
}

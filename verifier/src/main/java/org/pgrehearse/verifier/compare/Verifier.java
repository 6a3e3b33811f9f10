package org.pgrehearse.verifier.compare;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.catalog.Catalog;
import org.pgrehearse.verifier.catalog.CatalogReader;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.Brake;
import org.pgrehearse.verifier.chunk.Parallel;
import org.pgrehearse.verifier.digest.Canary;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.digest.Encodings;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.resume.Entry;
import org.pgrehearse.verifier.resume.Fingerprint;
import org.pgrehearse.verifier.resume.ResumeFile;
import org.pgrehearse.verifier.sequence.SequenceComparer;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/** Compares two databases, changing nothing in either. Safe for use by many threads. */
public final class Verifier {
    private final Clock clock;
    private final LongSupplier nanos;

    /** A verifier on the system's clocks. */
    public Verifier() {
        this(Clock.systemUTC(), System::nanoTime);
    }

    /** A verifier that takes the time of its results from one clock and durations from another. */
    public Verifier(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Compares everything selected. What cannot be read is inconclusive in the result; the rest is still compared. A
     * server that is lost in the middle is waited for, as long as the options say; what was not finished by then is
     * compared under new snapshots. Interrupting the thread stops the servers' statements and cuts the connections.
     *
     * @throws CannotConnectException when a server cannot be reached or its catalogue cannot be read
     * @throws org.pgrehearse.verifier.InvalidInputException when the selection names what does not exist
     */
    public Verification verify(VerifyOptions options, Progress progress)
            throws CannotConnectException, InterruptedException {
        Instant startedAt = clock.instant();
        ProgressMeter meter = new ProgressMeter(progress, nanos);
        Reconnection reconnection = new Reconnection(options, meter, nanos);
        Finished finished = new Finished();
        Attempt<Verification> attempt = attempt(options, pair -> pair.verification(startedAt, meter, finished));
        while (attempt.lost().isPresent() && reconnection.await(attempt.lost().get())) {
            attempt = attempt.then(() -> attempt(options, pair -> pair.verification(startedAt, meter, finished)));
        }
        return attempt.result().noting(reconnection.told());
    }

    /** How everything selected would be compared; reads the catalogues and no row. */
    public List<TableExplanation> explain(VerifyOptions options) throws CannotConnectException, InterruptedException {
        return attempt(options, Pair::explanations).result();
    }

    /** What came of a task under one pair of snapshots, and which side was lost meanwhile. */
    private record Attempt<T>(@Nullable T found, @Nullable CannotConnectException failed, Optional<Side> lost) {
        /** The next attempt; this one, still lost, when not even its snapshots can be taken. */
        Attempt<T> then(Next<T> next) throws InterruptedException {
            try {
                return next.attempt();
            } catch (CannotConnectException e) {
                return this;
            }
        }

        T result() throws CannotConnectException {
            if (failed != null) {
                throw failed;
            }
            return Objects.requireNonNull(found);
        }
    }

    @FunctionalInterface
    private interface Next<T> {
        Attempt<T> attempt() throws CannotConnectException, InterruptedException;
    }

    private <T> Attempt<T> attempt(VerifyOptions options, Task<T> task)
            throws CannotConnectException, InterruptedException {
        // Not virtual threads: their poller would hold up the end of the process by 0.3 s.
        try (ExecutorService executor = Executors.newCachedThreadPool();
                SnapshotPair snapshots = SnapshotPair.open(options, executor, nanos)) {
            try {
                T found = task.run(new Pair(options, snapshots.source(), snapshots.target(), executor));
                return new Attempt<>(found, null, snapshots.gone());
            } catch (InterruptedException e) {
                snapshots.cancel();
                executor.shutdownNow();
                throw e;
            } catch (ReadFailedException e) {
                ConnectionSource failed = e.side() == Side.SOURCE ? options.source() : options.target();
                return new Attempt<>(
                        null, new CannotConnectException(e.side(), failed.displayUrl(), e), snapshots.gone());
            }
        }
    }

    @FunctionalInterface
    private interface Task<T> {
        T run(Pair pair) throws ReadFailedException, InterruptedException;
    }

    /** The two databases during one comparison. */
    private final class Pair {
        private final VerifyOptions options;
        private final Snapshot source;
        private final Snapshot target;
        private final Parallel parallel;

        Pair(VerifyOptions options, Snapshot source, Snapshot target, ExecutorService executor) {
            this.options = options;
            this.source = source;
            this.target = target;
            this.parallel = new Parallel(executor);
        }

        Verification verification(Instant startedAt, ProgressMeter meter, Finished finished)
                throws ReadFailedException, InterruptedException {
            List<Catalog> catalogs = catalogs();
            Catalog ofSource = catalogs.get(0);
            Catalog ofTarget = catalogs.get(1);
            List<TablePair> pairs = pairs(ofSource, ofTarget);
            Digest digest = digest();
            meter.tables(
                    pairs.size(),
                    pairs.stream().mapToLong(TablePair::bytesEstimated).sum());
            List<TablePair> selected = options.selection().pairs(ofSource, ofTarget);
            try (Checkpoint checkpoint = checkpoint(selected, digest, finished)) {
                List<TableComparison> tables = compareAll(pairs, comparer(digest, meter, checkpoint));
                List<SequenceComparison> sequences = new SequenceComparer(
                                source, target, pairs, options.selection().partial())
                        .compare(ofSource.sequences(), ofTarget.sequences());
                Inventory inventory =
                        Inventory.of(source, target, pairs, !options.selection().partial());
                meter.finished();
                return new Verification(
                        endpoint(options.source(), source),
                        endpoint(options.target(), target),
                        startedAt,
                        Duration.between(startedAt, clock.instant()),
                        tables,
                        sequences,
                        inventory.findings(),
                        inventory.gaps(),
                        checkpoint.continued().orElse(null));
            }
        }

        private TableComparer comparer(Digest digest, ProgressMeter meter, Checkpoint checkpoint) {
            Reads reads = new Reads(options.pace(), options.maxDifferences(), nanos, meter);
            return new TableComparer(
                    database(source, meter), database(target, meter), digest, reads, parallel, checkpoint);
        }

        private TableComparer.Database database(Snapshot snapshot, ProgressMeter meter) {
            return new TableComparer.Database(snapshot, new Brake(snapshot, options.pace(), nanos, meter::pause));
        }

        private Checkpoint checkpoint(List<TablePair> pairs, Digest digest, Finished finished) {
            if (options.resume() == null) {
                finished.forgetUnless(shape(pairs));
                return Checkpoint.inMemory(finished);
            }
            String asked = digest.kind() + " (" + Digest.VERSION + "), " + options.maxDifferences()
                    + " differences listed, tables "
                    + Fingerprint.of(shape(pairs) + options.selection().columns());
            Entry.Subject subject = Checkpoint.subject(
                    source.server().database(), target.server().database(), asked);
            return Checkpoint.in(
                    ResumeFile.open(options.resume()), subject, new Entry.Opened(source.moment(), target.moment()));
        }

        /** Big tables first, so that the last one to end is a small one. */
        private List<TableComparison> compareAll(List<TablePair> pairs, TableComparer comparer)
                throws ReadFailedException, InterruptedException {
            ConcurrentLinkedQueue<TablePair> waiting = new ConcurrentLinkedQueue<>(pairs.stream()
                    .sorted(Comparator.comparingLong((TablePair pair) -> largerSide(pair))
                            .reversed())
                    .toList());
            Map<TablePair, TableComparison> results = new ConcurrentHashMap<>();
            Callable<Boolean> worker = () -> {
                for (TablePair pair = waiting.poll(); pair != null; pair = waiting.poll()) {
                    results.put(pair, comparer.compare(pair));
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                }
                return true;
            };
            parallel.all(Stream.generate(() -> worker).limit(options.jobs()).toList());
            return pairs.stream()
                    .map(pair -> Optional.ofNullable(results.get(pair)).orElseThrow())
                    .toList();
        }

        List<TableExplanation> explanations() throws ReadFailedException, InterruptedException {
            Digest digest = digest();
            List<Catalog> catalogs = catalogs();
            Explainer explainer = new Explainer(source, target, digest);
            List<TableExplanation> explanations = new ArrayList<>();
            for (TablePair pair : pairs(catalogs.get(0), catalogs.get(1))) {
                explanations.add(explainer.explain(pair));
            }
            return explanations;
        }

        private List<TablePair> pairs(Catalog ofSource, Catalog ofTarget)
                throws ReadFailedException, InterruptedException {
            return options.selection()
                    .columns()
                    .apply(
                            options.selection().pairs(ofSource, ofTarget),
                            (table, expression) ->
                                    source.read(session -> CatalogReader.typeOf(session, table, expression)));
        }

        private Catalog catalog(Snapshot of) throws ReadFailedException, InterruptedException {
            return of.read(session -> CatalogReader.read(session, of.server().major()));
        }

        private List<Catalog> catalogs() throws ReadFailedException, InterruptedException {
            Callable<Catalog> left = () -> catalog(source);
            Callable<Catalog> right = () -> catalog(target);
            return parallel.all(List.of(left, right));
        }

        private Digest digest() throws ReadFailedException, InterruptedException {
            int older = Math.min(source.server().major(), target.server().major());
            Callable<String> ofSource = () -> source.read(session -> Canary.answer(session, older));
            Callable<String> ofTarget = () -> target.read(session -> Canary.answer(session, older));
            List<String> answers = parallel.all(List.of(ofSource, ofTarget));
            String left = answers.get(0);
            String right = answers.get(1);
            boolean sameEncoding =
                    Encodings.same(source.server().encoding(), target.server().encoding());
            return new Digest(options.digest(), older, sameEncoding, Canary.agreed(left, right));
        }
    }

    /** Which columns of which tables, so that a checkpoint of other tables is not taken for one of these. */
    private static String shape(List<TablePair> pairs) {
        StringBuilder shape = new StringBuilder();
        for (TablePair pair : pairs) {
            shape.append(pair.sourceName()).append('=').append(pair.targetName());
            for (Table table : Arrays.asList(pair.source(), pair.target())) {
                shape.append('|');
                if (table != null) {
                    table.columns()
                            .forEach(column -> shape.append(column.name())
                                    .append(' ')
                                    .append(column.type().declared())
                                    .append(','));
                    shape.append(table.keys());
                }
            }
            shape.append('\n');
        }
        return shape.toString();
    }

    private static long largerSide(TablePair pair) {
        return Math.max(pages(pair.source()), pages(pair.target()));
    }

    private static long pages(@Nullable Table table) {
        return table == null ? 0 : table.pages();
    }

    private static Verification.Endpoint endpoint(ConnectionSource connections, Snapshot snapshot) {
        return new Verification.Endpoint(
                connections.displayUrl(),
                snapshot.server().version(),
                snapshot.moment().lsn());
    }
}

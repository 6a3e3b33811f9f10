package org.pgrehearse.verifier.compare;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.catalog.Catalog;
import org.pgrehearse.verifier.catalog.CatalogReader;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.Parallel;
import org.pgrehearse.verifier.chunk.Slice;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.digest.Canary;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.digest.Encodings;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionSource;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.sequence.SequenceComparer;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/** Compares two databases, changing nothing in either. Safe for use by many threads. */
public final class Verifier {
    private final Clock clock;

    /** A verifier on the system's clock. */
    public Verifier() {
        this(Clock.systemUTC());
    }

    /** A verifier that takes the time of its results from this clock. */
    public Verifier(Clock clock) {
        this.clock = clock;
    }

    /**
     * Compares everything selected. What cannot be read is inconclusive in the result; the rest is still compared.
     * Interrupting the thread stops the servers' statements and cuts the connections.
     *
     * @throws CannotConnectException when a server cannot be reached or its catalogue cannot be read
     * @throws org.pgrehearse.verifier.InvalidInputException when the selection names what does not exist
     */
    public Verification verify(VerifyOptions options, Progress progress)
            throws CannotConnectException, InterruptedException {
        Instant startedAt = clock.instant();
        ProgressMeter meter = new ProgressMeter(progress, System::nanoTime);
        return with(options, pair -> pair.verification(startedAt, meter));
    }

    /** How everything selected would be compared; reads the catalogues and no row. */
    public List<TableExplanation> explain(VerifyOptions options) throws CannotConnectException, InterruptedException {
        return with(options, Pair::explanations);
    }

    private <T> T with(VerifyOptions options, Task<T> task) throws CannotConnectException, InterruptedException {
        try (Snapshot source = open(Side.SOURCE, options.source(), options);
                Snapshot target = open(Side.TARGET, options.target(), options);
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                return task.run(new Pair(options, source, target, executor));
            } catch (InterruptedException e) {
                source.cancel();
                target.cancel();
                executor.shutdownNow();
                throw e;
            } catch (ReadFailedException e) {
                ConnectionSource failed = e.side() == Side.SOURCE ? options.source() : options.target();
                throw new CannotConnectException(e.side(), failed.displayUrl(), e);
            }
        }
    }

    private static Snapshot open(Side side, ConnectionSource connections, VerifyOptions options)
            throws CannotConnectException {
        String snapshot = side == Side.SOURCE ? options.sourceSnapshot() : options.targetSnapshot();
        return Snapshot.open(side, connections, snapshot, options.timeouts(), options.jobs());
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

        Verification verification(Instant startedAt, ProgressMeter meter)
                throws ReadFailedException, InterruptedException {
            Catalog ofSource = catalog(source);
            Catalog ofTarget = catalog(target);
            List<TablePair> pairs = pairs(ofSource, ofTarget);
            TableComparer comparer =
                    new TableComparer(source, target, digest(), options.maxDifferences(), parallel, meter);
            meter.tables(pairs.size());
            List<TableComparison> tables = compareAll(pairs, comparer);
            List<SequenceComparison> sequences = new SequenceComparer(
                            source, target, pairs, options.selection().partial())
                    .compare(ofSource.sequences(), ofTarget.sequences());
            Inventory inventory =
                    Inventory.of(source, target, pairs, !options.selection().partial());
            Verification verification = new Verification(
                    endpoint(options.source(), source),
                    endpoint(options.target(), target),
                    startedAt,
                    Duration.between(startedAt, clock.instant()),
                    tables,
                    sequences,
                    inventory.findings(),
                    inventory.gaps());
            meter.finished();
            return verification;
        }

        /** Big tables first, so that the last one to end is a small one. */
        private List<TableComparison> compareAll(List<TablePair> pairs, TableComparer comparer)
                throws ReadFailedException, InterruptedException {
            ConcurrentLinkedQueue<TablePair> waiting = new ConcurrentLinkedQueue<>(pairs.stream()
                    .sorted(Comparator.comparingLong(Verifier::pages).reversed())
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
            return pairs(catalog(source), catalog(target)).stream()
                    .map(pair -> explanation(pair, digest))
                    .toList();
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

        private Digest digest() throws ReadFailedException, InterruptedException {
            int older = Math.min(source.server().major(), target.server().major());
            String left = source.read(session -> Canary.answer(session, older));
            String right = target.read(session -> Canary.answer(session, older));
            boolean sameEncoding =
                    Encodings.same(source.server().encoding(), target.server().encoding());
            return new Digest(options.digest(), older, sameEncoding, Canary.agreed(left, right));
        }
    }

    private static long pages(TablePair pair) {
        Table source = pair.source();
        Table target = pair.target();
        return Math.max(source == null ? 0 : source.pages(), target == null ? 0 : target.pages());
    }

    private static Verification.Endpoint endpoint(ConnectionSource connections, Snapshot snapshot) {
        return new Verification.Endpoint(
                connections.displayUrl(), snapshot.server().version());
    }

    private static TableExplanation explanation(TablePair pair, Digest digest) {
        Table source = pair.source();
        Table target = pair.target();
        if (source == null || target == null) {
            String sql = "SELECT count(*) FROM ";
            return new TableExplanation(
                    pair.sourceName().toString(),
                    pair.targetName().toString(),
                    digest.kind().toString(),
                    "count",
                    List.of(),
                    List.of(),
                    source == null ? "" : sql + source.from(),
                    target == null ? "" : sql + target.from());
        }
        TablePlan plan = TablePlan.of(source, target, digest);
        return new TableExplanation(
                pair.sourceName().toString(),
                pair.targetName().toString(),
                digest.kind().toString(),
                plan.name(),
                plan.key().stream().map(Digest.Pair::name).toList(),
                Columns.doubtful(pair, plan),
                plan.scan(source, new Slice.Whole(), 1),
                plan.scan(target, new Slice.Whole(), 1));
    }
}

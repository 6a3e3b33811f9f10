package org.pgrehearse.verifier.compare;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.KeyProbe;
import org.pgrehearse.verifier.chunk.Slice;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.compare.TableExplanation.Estimate;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;

/** Tells how tables would be compared, from catalogues, statistics and the servers' planners; reads no row. */
final class Explainer {
    private static final Pattern COST = Pattern.compile("cost=[0-9.]+\\.\\.([0-9.]+) rows=([0-9]+)");

    private final Snapshot source;
    private final Snapshot target;
    private final Digest digest;

    Explainer(Snapshot source, Snapshot target, Digest digest) {
        this.source = source;
        this.target = target;
        this.digest = digest;
    }

    TableExplanation explain(TablePair pair) throws ReadFailedException, InterruptedException {
        Table onSource = pair.source();
        Table onTarget = pair.target();
        String sourceName = pair.sourceName().toString();
        String targetName = pair.targetName().toString();
        String kind = digest.kind().toString();
        if (onSource == null || onTarget == null) {
            return new TableExplanation(
                    sourceName,
                    targetName,
                    kind,
                    TableComparer.ONE_SIDED,
                    List.of(),
                    List.of(),
                    counted(source, onSource),
                    counted(target, onTarget));
        }
        TablePlan plan = TablePlan.of(onSource, onTarget, digest);
        String name = plan(plan, onSource, onTarget);
        boolean looks = name.startsWith(RangePass.NAME);
        Slice whole = new Slice.Whole();
        return new TableExplanation(
                sourceName,
                targetName,
                kind,
                name,
                plan.key().stream().map(Digest.Pair::name).toList(),
                Columns.doubtful(pair, plan),
                estimate(source, onSource, looks ? plan.look(onSource, whole) : plan.scan(onSource, whole, 1)),
                estimate(target, onTarget, looks ? plan.look(onTarget, whole) : plan.scan(onTarget, whole, 1)));
    }

    private String plan(TablePlan plan, Table onSource, Table onTarget)
            throws ReadFailedException, InterruptedException {
        String otherwise = BucketPass.name(plan);
        KeyProbe probe = new KeyProbe(source, target, onSource, onTarget);
        if (!TableComparer.forRanges(onSource.pages()) || !probe.possible(plan)) {
            return otherwise;
        }
        OptionalDouble expected = probe.correlation(plan);
        if (expected.isEmpty()) {
            return RangePass.NAME + " if the rows lie in the order of the key, else " + otherwise;
        }
        return expected.getAsDouble() >= KeyProbe.CORRELATION_MIN ? RangePass.NAME : otherwise;
    }

    private static Estimate counted(Snapshot snapshot, @Nullable Table table)
            throws ReadFailedException, InterruptedException {
        return table == null ? Estimate.none() : estimate(snapshot, table, TableComparer.counting(table));
    }

    private static Estimate estimate(Snapshot snapshot, Table table, String sql)
            throws ReadFailedException, InterruptedException {
        List<String> lines =
                snapshot.read(session -> session.list("EXPLAIN " + sql, row -> String.valueOf(row.getString(1))));
        // The first line has the whole cost, the last one with a cost reads the rows.
        List<Matcher> costs =
                lines.stream().map(COST::matcher).filter(Matcher::find).toList();
        Optional<Matcher> whole = costs.stream().findFirst();
        Optional<Matcher> scan = costs.stream().reduce((first, second) -> second);
        return new Estimate(
                sql,
                scan.map(cost -> Long.valueOf(cost.group(2))).orElse(0L),
                table.pages(),
                whole.map(cost -> Double.valueOf(cost.group(1))).orElse(0.0));
    }
}

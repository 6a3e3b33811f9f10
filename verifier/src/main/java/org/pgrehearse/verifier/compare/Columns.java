package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.pgrehearse.verifier.ColumnCoverage;
import org.pgrehearse.verifier.ColumnCoverage.Status;
import org.pgrehearse.verifier.catalog.LeftOut;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.TablePlan;

/** What a plan does with the columns of a pair. */
final class Columns {
    private Columns() {}

    /** The columns compared in the order of the plan, then those left out by name. */
    static List<ColumnCoverage> coverage(TablePair pair, TablePlan plan) {
        List<ColumnCoverage> columns = new ArrayList<>();
        plan.columns().forEach(column -> columns.add(new ColumnCoverage(column.name(), Status.VERIFIED, null)));
        TreeMap<String, ColumnCoverage> others = new TreeMap<>();
        plan.onlyOnSource().forEach(name -> others.put(name, skipped(name, "only on the source")));
        plan.onlyOnTarget().forEach(name -> others.put(name, skipped(name, "only on the target")));
        leftOut(pair).forEach(left -> others.putIfAbsent(left.column().name(), of(left)));
        columns.addAll(others.values());
        return columns;
    }

    /** The names of what is not compared although nobody asked for it. */
    static List<String> doubtful(TablePair pair, TablePlan plan) {
        return coverage(pair, plan).stream()
                .filter(column -> column.status() == Status.SKIPPED)
                .map(ColumnCoverage::column)
                .toList();
    }

    /** The target's first: its name is the one that both sides share. */
    private static Stream<LeftOut> leftOut(TablePair pair) {
        Table source = pair.source();
        Table target = pair.target();
        return Stream.concat(
                target == null ? Stream.of() : target.leftOut().stream(),
                source == null ? Stream.of() : source.leftOut().stream());
    }

    private static ColumnCoverage of(LeftOut left) {
        return new ColumnCoverage(
                left.column().name(), left.why().doubtful() ? Status.SKIPPED : Status.EXCLUDED, left.reason());
    }

    private static ColumnCoverage skipped(String name, String reason) {
        return new ColumnCoverage(name, Status.SKIPPED, reason);
    }
}

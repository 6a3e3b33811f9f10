package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.CatalogFinding.Kind;
import org.pgrehearse.verifier.CatalogFinding.Severity;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.Deparse;
import org.pgrehearse.verifier.catalog.LeftOut;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TablePair;

/** Compares what the two catalogues say about the selected tables. What the target lacks is an error. */
final class CatalogComparer {
    private final int sourceMajor;
    private final int targetMajor;

    CatalogComparer(int sourceMajor, int targetMajor) {
        this.sourceMajor = sourceMajor;
        this.targetMajor = targetMajor;
    }

    List<CatalogFinding> findings(List<TablePair> pairs) {
        List<CatalogFinding> findings = new ArrayList<>();
        for (TablePair pair : pairs) {
            Table source = pair.source();
            Table target = pair.target();
            if (source != null && target != null) {
                columns(pair, source, target, findings);
                findings.addAll(new RuleComparer(sourceMajor, targetMajor).findings(source, target));
            } else if (source != null) {
                findings.add(new CatalogFinding(
                        "table " + pair.sourceName(), Kind.MISSING, Severity.ERROR, described(source), null));
            } else if (target != null) {
                findings.add(new CatalogFinding(
                        "table " + pair.targetName(), Kind.UNEXPECTED, Severity.WARNING, null, described(target)));
            }
        }
        return findings;
    }

    private static String described(Table table) {
        return (table.partitioned() ? "partitioned table" : "table") + " with "
                + table.columns().size() + " columns";
    }

    private void columns(TablePair pair, Table source, Table target, List<CatalogFinding> findings) {
        for (Column column : source.columns()) {
            String object = "column " + pair.sourceName() + "." + column.name();
            String here = described(column);
            Optional<Column> other = target.column(column.name());
            if (other.isEmpty()) {
                findings.add(new CatalogFinding(object, Kind.MISSING, Severity.ERROR, here, null));
            } else if (provesDifference(column, other.get())) {
                findings.add(new CatalogFinding(
                        object, Kind.DIFFERENT, severity(column, other.get()), here, described(other.get())));
            }
        }
        for (Column column : target.columns()) {
            if (source.column(column.name()).isEmpty()) {
                findings.add(unexpected(pair, column));
            }
        }
        unmatched(source)
                .forEach(column -> findings.add(new CatalogFinding(
                        "column " + pair.sourceName() + "." + column.name(),
                        Kind.MISSING,
                        Severity.ERROR,
                        described(column),
                        null)));
        unmatched(target).forEach(column -> findings.add(unexpected(pair, column)));
    }

    private boolean provesDifference(Column one, Column other) {
        String here = described(one);
        String there = described(other);
        boolean sameButFilling =
                one.type().declared().equals(other.type().declared()) && one.notNull() == other.notNull();
        return !here.equals(there)
                && (!sameButFilling || Deparse.provesDifference(here, sourceMajor, there, targetMajor));
    }

    /** A column that must not be null and that nothing fills any more breaks the inserts that relied on it. */
    private static Severity severity(Column source, Column target) {
        boolean broken = target.notNull()
                && target.filling().isEmpty()
                && !source.filling().isEmpty();
        return broken ? Severity.ERROR : Severity.WARNING;
    }

    private static Stream<Column> unmatched(Table table) {
        return table.leftOut().stream()
                .filter(left -> left.why() == LeftOut.Why.UNMATCHED)
                .map(LeftOut::column);
    }

    private static CatalogFinding unexpected(TablePair pair, Column column) {
        return new CatalogFinding(
                "column " + pair.targetName() + "." + column.name(),
                Kind.UNEXPECTED,
                Severity.WARNING,
                null,
                described(column));
    }

    private static String described(Column column) {
        return column.type().declared()
                + (column.notNull() ? " NOT NULL" : "")
                + (column.filling().isEmpty() ? "" : " " + column.filling());
    }
}

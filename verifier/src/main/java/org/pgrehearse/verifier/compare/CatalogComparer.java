package org.pgrehearse.verifier.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.pgrehearse.verifier.CatalogFinding;
import org.pgrehearse.verifier.CatalogFinding.Kind;
import org.pgrehearse.verifier.CatalogFinding.Severity;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.LeftOut;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TablePair;

/** Compares what the two catalogues say about the selected tables. What the target lacks is an error. */
final class CatalogComparer {
    private CatalogComparer() {}

    static List<CatalogFinding> findings(List<TablePair> pairs) {
        List<CatalogFinding> findings = new ArrayList<>();
        for (TablePair pair : pairs) {
            Table source = pair.source();
            Table target = pair.target();
            if (source != null && target != null) {
                columns(pair, source, target, findings);
                findings.addAll(RuleComparer.findings(source, target));
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

    private static void columns(TablePair pair, Table source, Table target, List<CatalogFinding> findings) {
        for (Column column : source.columns()) {
            String object = "column " + pair.sourceName() + "." + column.name();
            String here = described(column);
            target.column(column.name())
                    .map(CatalogComparer::described)
                    .ifPresentOrElse(
                            there -> {
                                if (!here.equals(there)) {
                                    findings.add(
                                            new CatalogFinding(object, Kind.DIFFERENT, Severity.WARNING, here, there));
                                }
                            },
                            () -> findings.add(new CatalogFinding(object, Kind.MISSING, Severity.ERROR, here, null)));
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

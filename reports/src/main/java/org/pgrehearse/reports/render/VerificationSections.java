package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.render.page.Block;
import org.pgrehearse.reports.render.page.Page;
import org.pgrehearse.reports.render.page.Tone;
import org.pgrehearse.verifier.ColumnCoverage;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;

/** What a comparison found, as sections of a page. */
final class VerificationSections {
    private static final int ROWS_PER_TABLE_MAX = 500;
    private static final int TABLES_OPEN_MAX = 5;

    private VerificationSections() {}

    static List<Page.Section> of(Verification verification, String lead) {
        List<Page.Section> sections = new ArrayList<>();
        sections.add(new Page.Section("tables", "Tables", lead, List.of(tables(verification))));
        List<Block> differences = differences(verification);
        if (!differences.isEmpty()) {
            sections.add(new Page.Section(
                    "differences",
                    "Differing rows",
                    "Missing is on the source and not on the target; unexpected the reverse; changed has the same key"
                            + " and other values.",
                    differences));
        }
        if (!verification.sequences().isEmpty()) {
            sections.add(new Page.Section("sequences", "Sequences", "", List.of(sequences(verification))));
        }
        if (!verification.catalog().isEmpty()) {
            sections.add(new Page.Section("catalog", "Catalogue", "", List.of(catalog(verification))));
        }
        if (!gaps(verification).isEmpty()) {
            sections.add(new Page.Section(
                    "coverage",
                    "Not compared",
                    "What is listed here is neither proven equal nor proven different. What was skipped leaves a doubt;"
                            + " what is excluded was not to be compared.",
                    List.of(coverage(verification))));
        }
        return sections;
    }

    private static Block tables(Verification verification) {
        List<List<Block.Cell>> rows = verification.tables().stream()
                .map(table -> List.of(
                        Block.Cell.code(Sentences.name(table)),
                        Grids.verdict(table.verdict()),
                        Block.Cell.of(Sentences.number(table.sourceRows())),
                        Block.Cell.of(Sentences.number(table.targetRows())),
                        Grids.wrong(table.missing()),
                        Grids.wrong(table.unexpected()),
                        Grids.wrong(table.changed()),
                        Block.Cell.of(table.reason() == null ? table.digest() + ", " + table.plan() : table.reason())))
                .toList();
        return new Block.Grid(
                "Every table that was selected",
                Block.Head.of(
                        "Table",
                        "Verdict",
                        "Source rows#",
                        "Target rows#",
                        "Missing#",
                        "Unexpected#",
                        "Changed#",
                        "How, or why not"),
                rows);
    }

    private static List<Block> differences(Verification verification) {
        List<Block> blocks = new ArrayList<>();
        for (TableComparison table : verification.tables()) {
            if (!table.differences().isEmpty()) {
                int shown = Math.min(ROWS_PER_TABLE_MAX, table.differences().size());
                long counted = table.missing() + table.unexpected() + table.changed();
                String summary = Sentences.name(table) + ": " + shown + " of " + counted + " shown";
                String columns = Sentences.columnChanges(table.columnChanges());
                blocks.add(new Block.Fold(
                        columns.isEmpty() ? summary : summary + "; " + columns,
                        blocks.size() < TABLES_OPEN_MAX,
                        List.of(differences(table))));
            }
        }
        return blocks;
    }

    private static Block differences(TableComparison table) {
        List<List<Block.Cell>> rows = new ArrayList<>();
        table.differences().stream().limit(ROWS_PER_TABLE_MAX).forEach(difference -> {
            switch (difference) {
                case RowDifference.Missing missing -> rows.add(row("missing", Values.key(missing.key()), "", "", ""));
                case RowDifference.Unexpected unexpected ->
                    rows.add(row("unexpected", Values.key(unexpected.key()), "", "", ""));
                case RowDifference.Changed changed ->
                    changed.columns()
                            .forEach(column -> rows.add(row(
                                    "changed",
                                    Values.key(changed.key()),
                                    Values.oneLine(column.name()),
                                    Sentences.source(column),
                                    Sentences.target(column) + Sentences.nature(column))));
                case RowDifference.Occurrences row ->
                    rows.add(row(
                            row.sourceCount() > row.targetCount() ? "missing" : "unexpected",
                            Values.key(row.row()),
                            "(occurrences)",
                            Sentences.number(row.sourceCount()),
                            Sentences.number(row.targetCount())));
            }
        });
        return new Block.Grid(
                "Differing rows of " + Sentences.name(table),
                Block.Head.of("Kind", "Key", "Column", "Source", "Target"),
                rows);
    }

    private static List<Block.Cell> row(String kind, String key, String column, String source, String target) {
        return List.of(
                Block.Cell.of(kind),
                Block.Cell.code(key),
                Block.Cell.code(column),
                Block.Cell.code(source),
                Block.Cell.code(target));
    }

    private static Block sequences(Verification verification) {
        List<List<Block.Cell>> rows = verification.sequences().stream()
                .map(sequence -> List.of(
                        Block.Cell.code(sequence.sequence()),
                        Grids.verdict(sequence.verdict()),
                        Block.Cell.of(
                                sequence.reason() == null
                                        ? sequence.kind()
                                                + (Sentences.detail(sequence).isEmpty()
                                                        ? ""
                                                        : ": " + Sentences.detail(sequence))
                                        : sequence.reason()),
                        Block.Cell.of(Sentences.number(sequence.sourceLast())),
                        Block.Cell.of(Sentences.number(sequence.targetLast())),
                        Block.Cell.of(Sentences.number(sequence.targetMax()))))
                .toList();
        return new Block.Grid(
                "Every sequence, and the greatest value in use on the target",
                Block.Head.of("Sequence", "Verdict", "Kind", "Source last#", "Target last#", "Target max#"),
                rows);
    }

    private static Block catalog(Verification verification) {
        List<List<Block.Cell>> rows = verification.catalog().stream()
                .map(finding -> List.of(
                        Block.Cell.code(finding.object()),
                        new Block.Cell(
                                finding.kind().name().toLowerCase(Locale.ROOT),
                                finding.verdict() == Verdict.DIVERGENT ? "✗" : "!",
                                finding.verdict() == Verdict.DIVERGENT ? Tone.BAD : Tone.DOUBT,
                                false),
                        Block.Cell.code(finding.source() == null ? "–" : finding.source()),
                        Block.Cell.code(finding.target() == null ? "–" : finding.target())))
                .toList();
        return new Block.Grid(
                "Objects that are not the same on both sides",
                Block.Head.of("Object", "Kind", "Source", "Target"),
                rows);
    }

    private static Block coverage(Verification verification) {
        return Grids.pairs("What was not compared, and why", "Object", "Reason", gaps(verification));
    }

    /** What was not looked at: whole objects, then columns of tables. */
    private static List<List<Block.Cell>> gaps(Verification verification) {
        List<List<Block.Cell>> gaps = new ArrayList<>();
        verification
                .coverage()
                .forEach(skipped ->
                        gaps.add(Grids.row(skipped.object(), word(skipped.status()) + ": " + skipped.reason())));
        for (TableComparison table : verification.tables()) {
            table.columns().stream()
                    .filter(column -> column.status() != ColumnCoverage.Status.VERIFIED)
                    .forEach(column -> gaps.add(Grids.row(
                            "column " + column.column() + " of " + Sentences.name(table),
                            word(column.status()) + (column.reason() == null ? "" : ": " + column.reason()))));
        }
        return gaps;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}

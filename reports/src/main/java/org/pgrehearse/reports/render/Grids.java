package org.pgrehearse.reports.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.render.page.Block;
import org.pgrehearse.reports.render.page.Tone;
import org.pgrehearse.verifier.Verdict;

/** Fields and tables as both pages use them. */
final class Grids {
    private Grids() {}

    static Tone tone(RunVerdict verdict) {
        return switch (verdict) {
            case PASSED -> Tone.GOOD;
            case FAILED -> Tone.BAD;
            case INCONCLUSIVE -> Tone.DOUBT;
        };
    }

    static Tone tone(Verdict verdict) {
        return switch (verdict) {
            case CONSISTENT -> Tone.GOOD;
            case DIVERGENT -> Tone.BAD;
            case INCONCLUSIVE -> Tone.DOUBT;
        };
    }

    static Block.Cell verdict(RunVerdict verdict) {
        return new Block.Cell(verdict.word(), Sentences.mark(verdict), tone(verdict), false);
    }

    static Block.Cell verdict(Verdict verdict) {
        return new Block.Cell(verdict.name().toLowerCase(Locale.ROOT), Sentences.mark(verdict), tone(verdict), false);
    }

    /** A count that should be zero. */
    static Block.Cell wrong(long count) {
        return new Block.Cell(Sentences.number(count), "", count == 0 ? Tone.NEUTRAL : Tone.BAD, false);
    }

    /** A table of two columns: a name and what is said of it. */
    static Block.Grid pairs(String caption, String name, String value, List<List<Block.Cell>> rows) {
        return new Block.Grid(caption, Block.Head.of(name, value), rows);
    }

    /** The cells of one row. */
    static List<Block.Cell> row(String... texts) {
        List<Block.Cell> cells = new ArrayList<>();
        for (String text : texts) {
            cells.add(Block.Cell.of(text));
        }
        return cells;
    }
}

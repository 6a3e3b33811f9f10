package org.pgrehearse.reports.render.page;

import java.util.Arrays;
import java.util.List;

/** One piece of a section. */
public sealed interface Block {
    /** Tables of numbers with no more columns than this are not stretched. */
    int COMPACT_COLUMNS_MAX = 4;

    /**
     * A table.
     *
     * @param caption what it shows, for those who hear the page
     */
    record Grid(String caption, List<Head> heads, List<List<Cell>> rows) implements Block {
        public Grid {
            caption = Visible.text(caption);
            heads = List.copyOf(heads);
            rows = rows.stream().map(List::copyOf).toList();
        }

        /** Whether it reads better narrow than stretched over the page. */
        public boolean compact() {
            return heads.size() <= COMPACT_COLUMNS_MAX && heads.stream().anyMatch(Head::number);
        }
    }

    /** The head of a column; numbers stand to the right. */
    record Head(String text, boolean number) {
        /** Heads of which those with a trailing {@code #} are columns of numbers. */
        public static List<Head> of(String... texts) {
            return Arrays.stream(texts)
                    .map(text -> text.endsWith("#")
                            ? new Head(text.substring(0, text.length() - 1), true)
                            : new Head(text, false))
                    .toList();
        }
    }

    /**
     * A field of a table.
     *
     * @param mark a sign before the text; empty for none
     * @param code whether it is a value or a name, shown in a fixed width
     */
    record Cell(String text, String mark, Tone tone, boolean code) {
        public Cell {
            text = Visible.text(text);
        }

        /** Plain text. */
        public static Cell of(String text) {
            return new Cell(text, "", Tone.NEUTRAL, false);
        }

        /** A value or a name. */
        public static Cell code(String text) {
            return new Cell(text, "", Tone.NEUTRAL, true);
        }
    }

    /** Remarks, one under the other. */
    record Notes(List<Note> notes) implements Block {
        public Notes {
            notes = List.copyOf(notes);
        }
    }

    /** A remark with a mark, a title and a text; the text may be empty. */
    record Note(Tone tone, String mark, String title, String text) {
        public Note {
            title = Visible.text(title);
            text = Visible.text(text);
        }
    }

    /** A sentence or two. */
    record Paragraph(String text) implements Block {
        public Paragraph {
            text = Visible.text(text);
        }
    }

    /** Text that keeps its lines. */
    record Listing(String caption, String text) implements Block {
        public Listing {
            text = Visible.text(text);
        }
    }

    /** Something that opens on demand. */
    record Fold(String summary, boolean open, List<Block> blocks) implements Block {
        public Fold {
            summary = Visible.text(summary);
            blocks = List.copyOf(blocks);
        }
    }

    /** The place where the curves are drawn. */
    record Charts(String description) implements Block {}
}

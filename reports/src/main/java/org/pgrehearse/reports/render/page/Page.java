package org.pgrehearse.reports.render.page;

import java.util.List;

/**
 * One self-contained page.
 *
 * @param facts short facts under the headline
 * @param curves the data of the charts as JSON that is safe inside a script element; empty when there are none
 */
public record Page(
        String title,
        Tone tone,
        String mark,
        String verdict,
        String subject,
        String headline,
        List<String> facts,
        List<Tile> tiles,
        List<Section> sections,
        String curves,
        String footer,
        Assets assets) {
    public Page {
        title = Visible.text(title);
        subject = Visible.text(subject);
        headline = Visible.text(headline);
        facts = facts.stream().map(Visible::text).toList();
        tiles = List.copyOf(tiles);
        sections = List.copyOf(sections);
    }

    /** One headline number. */
    public record Tile(String label, String value, String note, Tone tone) {
        public Tile {
            value = Visible.text(value);
            note = Visible.text(note);
        }
    }

    /** A part of the page with a title of its own. */
    public record Section(String id, String title, String lead, List<Block> blocks) {
        public Section {
            lead = Visible.text(lead);
            blocks = List.copyOf(blocks);
        }
    }

    /** Style and scripts, which are written into the page as they are. */
    public record Assets(String style, String chartStyle, String chartLibrary, String chartScript) {}
}

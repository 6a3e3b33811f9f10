package org.pgrehearse.reports.render.page;

import java.util.Locale;

/** How a piece of a page should look; always said in words or by a mark too, never by colour alone. */
public enum Tone {
    GOOD,
    BAD,
    DOUBT,
    NEUTRAL;

    /** The name of its CSS class. */
    public String css() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.List;

/** Groups probes, given in order of their intended start, into windows of downtime. Shorter good gaps are bridged. */
final class Windows {
    /** So many good probes in a row end a window. */
    static final int GOOD_IN_A_ROW = 5;

    private static final int WINDOWS_KEPT_MAX = 1000;

    private final List<Downtime.Window> kept = new ArrayList<>();
    private boolean open;
    private long start;
    private long notGood;
    private int goodInARow;
    private long firstGood;
    private long count;
    private long longest;

    void next(long intended, boolean bad) {
        if (bad) {
            if (!open) {
                open = true;
                start = intended;
                notGood = 0;
            }
            notGood++;
            goodInARow = 0;
        } else if (open) {
            goodInARow++;
            firstGood = goodInARow == 1 ? intended : firstGood;
            if (goodInARow == GOOD_IN_A_ROW) {
                close(firstGood, true);
            }
        }
    }

    /** The sentinel stopped here; a window still open ends without service having been seen to return. */
    void end(long stopped) {
        if (open) {
            close(stopped, false);
        }
        goodInARow = 0;
    }

    long count() {
        return count;
    }

    long longest() {
        return longest;
    }

    List<Downtime.Window> kept() {
        return kept;
    }

    private void close(long end, boolean seenToReturn) {
        Downtime.Window window = new Downtime.Window(start, end, notGood, seenToReturn);
        count++;
        longest = Math.max(longest, window.nanos());
        if (kept.size() < WINDOWS_KEPT_MAX) {
            kept.add(window);
        }
        open = false;
        goodInARow = 0;
    }
}

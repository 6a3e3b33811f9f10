package org.pgrehearse.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.verifier.compare.Progress;

/** How far a comparison is: a line that redraws itself on a terminal, and a line every few seconds elsewhere. */
final class VerifyProgress implements Progress, AutoCloseable {
    private static final double BYTES_PER_MEBIBYTE = 1024.0 * 1024.0;
    private static final long NANOS_BETWEEN_LINES = 5_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private long lastNanos = System.nanoTime();
    private int widthDrawn;

    VerifyProgress(PrintWriter err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    @Override
    public synchronized void update(State state) {
        String text = text(state);
        if (terminal) {
            erase();
            err.print(text);
            widthDrawn = text.length();
            err.flush();
        } else if (System.nanoTime() - lastNanos > NANOS_BETWEEN_LINES) {
            lastNanos = System.nanoTime();
            err.println(text);
            err.flush();
        }
    }

    /** One line about one moment. */
    static String text(State state) {
        double seconds = Math.max(1e-3, state.elapsed().toMillis() / 1e3);
        List<String> parts = new ArrayList<>();
        parts.add(String.format(Locale.ROOT, "%5.1f s", seconds));
        parts.add(String.format(Locale.ROOT, "%d of %d tables", state.tablesDone(), state.tablesTotal()));
        parts.add(String.format(
                Locale.ROOT,
                "%,d rows, %,.0f of %,.0f MiB, %,.0f MiB/s",
                state.rowsRead(),
                state.bytesRead() / BYTES_PER_MEBIBYTE,
                state.bytesTotal() / BYTES_PER_MEBIBYTE,
                state.bytesRead() / BYTES_PER_MEBIBYTE / seconds));
        state.remaining()
                .ifPresent(left -> parts.add(String.format(Locale.ROOT, "%.0f s left", left.toMillis() / 1e3)));
        if (!state.table().isEmpty()) {
            parts.add(String.format(Locale.ROOT, "%s %.0f %%", state.table(), state.tableShare() * 100));
        }
        if (!state.paused().isEmpty()) {
            parts.add(state.paused());
        }
        return String.join("  ", parts);
    }

    private void erase() {
        if (widthDrawn > 0) {
            err.print("\r" + " ".repeat(widthDrawn) + "\r");
            widthDrawn = 0;
        }
    }

    @Override
    public synchronized void close() {
        erase();
        err.flush();
    }
}

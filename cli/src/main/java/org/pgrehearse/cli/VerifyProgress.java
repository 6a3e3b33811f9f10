package org.pgrehearse.cli;

import java.io.PrintWriter;
import java.util.Locale;
import org.pgrehearse.verifier.compare.Progress;

/** How far a comparison is: a line that redraws itself on a terminal, and a line every few seconds elsewhere. */
final class VerifyProgress implements Progress, AutoCloseable {
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
        String text = String.format(
                Locale.ROOT,
                "%5.1f s  %d of %d tables, %,d rows read  %s",
                state.elapsed().toMillis() / 1e3,
                state.tablesDone(),
                state.tablesTotal(),
                state.rowsRead(),
                state.table());
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

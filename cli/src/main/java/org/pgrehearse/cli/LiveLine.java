package org.pgrehearse.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.pgrehearse.scenarios.Live;

/** What happens while it happens: a line that redraws itself on a terminal, and a line a second elsewhere. */
final class LiveLine implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int WIDTH_MAX = 160;
    private static final long JOIN_MILLIS = 2_000;

    private final PrintWriter err;
    private final boolean terminal;
    private final Supplier<Live> live;
    private final Thread thread;
    private int widthDrawn;

    LiveLine(PrintWriter err, boolean terminal, Supplier<Live> live) {
        this.err = err;
        this.terminal = terminal;
        this.live = live;
        this.thread = Thread.ofPlatform().name("live-line").daemon().start(this::run);
    }

    private void run() {
        try {
            while (!Thread.interrupted()) {
                TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
                draw(text(live.get()));
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void draw(String text) {
        if (terminal) {
            erase();
            String cut = text.length() > WIDTH_MAX ? text.substring(0, WIDTH_MAX) : text;
            err.print(cut);
            widthDrawn = cut.length();
        } else {
            err.println(text);
        }
        err.flush();
    }

    private void erase() {
        if (widthDrawn > 0) {
            err.print("\r" + " ".repeat(widthDrawn) + "\r");
            widthDrawn = 0;
        }
    }

    /** One line about one moment. */
    static String text(Live live) {
        List<String> parts = new ArrayList<>();
        parts.add(String.format(Locale.ROOT, "%6.1f s", live.atNanos() / 1e9));
        parts.add(live.phase() + (live.step().isEmpty() ? "" : "/" + live.step()));
        if (live.acknowledged() + live.failed() + live.unknown() > 0) {
            parts.add(
                    String.format(Locale.ROOT, "%.0f/s, p99 %.1f ms", live.endedPerSecond(), live.latenessMillisP99()));
            parts.add(live.acknowledged() + " acknowledged, " + live.failed() + " failed, " + live.unknown()
                    + " unknown");
        }
        if (!Double.isNaN(live.lagBytes())) {
            parts.add(String.format(Locale.ROOT, "lag %.0f KiB", live.lagBytes() / 1024));
        }
        if (!live.faults().isEmpty()) {
            parts.add("FAULT " + String.join(", ", live.faults()));
        }
        return String.join("  ", parts);
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            erase();
            err.flush();
        }
    }
}

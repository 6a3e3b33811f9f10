package org.pgrehearse.scenarios.monitor;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.LockWait;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.environment.Server;

/**
 * Samples one server into the journal: sessions, transactions, WAL, slots, dead rows, checkpoints, errors of
 * subscriptions, the time its statements take, the sizes of its largest tables, and several times a second who waits
 * for whose lock. Runs on a thread of its own until closed; a server that does not answer leaves a gap.
 */
public final class ServerMonitor implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int LEVELS_EVERY = 5;
    private static final int SIZES_EVERY = 10;
    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);
    private static final double NANOS_PER_SECOND = 1e9;

    private final Server server;
    private final Recorder recorder;
    private final String prefix;
    private final ServerQuestions questions;
    private final SizeQuestions sizes;
    private final Map<String, Reading> before = new HashMap<>();
    private final Thread thread;
    private volatile boolean stopped;
    private boolean waiting = true;

    private record Reading(double value, long atNanos) {}

    private ServerMonitor(Server server, Recorder recorder) {
        this.server = server;
        this.recorder = recorder;
        this.prefix = server.side().name().toLowerCase(Locale.ROOT) + "-";
        this.questions = new ServerQuestions(server.majorVersion());
        this.sizes = new SizeQuestions(server.side(), recorder);
        this.thread = Thread.ofVirtual().name(prefix + "monitor").unstarted(this::run);
    }

    /** Starts sampling. */
    public static ServerMonitor start(Server server, Recorder recorder) {
        ServerMonitor monitor = new ServerMonitor(server, recorder);
        monitor.thread.start();
        return monitor;
    }

    private void run() {
        try (Feed feed = new Feed(server)) {
            for (long turn = 0; !stopped; turn++) {
                locks(feed);
                if (turn % LEVELS_EVERY == 0) {
                    levels(feed);
                    rates(feed);
                }
                if (turn % SIZES_EVERY == 0) {
                    sizes.ask(feed);
                }
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Recorded at first, while somebody waits, and once more when nobody does any longer. */
    private void locks(Feed feed) {
        List<LockWait> waits = new ArrayList<>();
        if (!feed.ask(LockQuestions.waits(server.majorVersion()), row -> waits.add(LockQuestions.wait(row)))) {
            return;
        }
        if (!waits.isEmpty() || waiting) {
            recorder.record(new Event.LockWaits(recorder.nowNanos(), server.side(), waits));
        }
        waiting = !waits.isEmpty();
    }

    private void levels(Feed feed) {
        for (String question : questions.levels()) {
            feed.ask(question, this::record);
        }
    }

    private void record(ResultSet row) throws SQLException {
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            sample(row.getMetaData().getColumnLabel(i), row.getDouble(i));
        }
    }

    private void rates(Feed feed) {
        feed.ask(questions.wal(), row -> rate("wal-bytes-per-second", row.getDouble(1)));
        feed.ask(questions.checkpoints(), row -> gain("checkpoints", row.getDouble(1)));
        feed.ask(questions.database(), row -> {
            rate("transactions-per-second", row.getDouble(1));
            rate("blocks-read-per-second", row.getDouble(2));
            gain("deadlocks", row.getDouble(3));
        });
        feed.ask(
                questions.hasStatements(),
                yes -> feed.ask(questions.statements(), row -> {
                    double millis = since("statement-millis", row.getDouble(1));
                    double calls = since("statement-calls", row.getDouble(2));
                    if (calls > 0) {
                        sample("statement-mean-millis", millis / calls);
                    }
                }));
    }

    private void rate(String name, double total) {
        Reading last = before.get(name);
        long now = recorder.nowNanos();
        before.put(name, new Reading(total, now));
        if (last != null && now > last.atNanos() && total >= last.value()) {
            sample(name, (total - last.value()) / ((now - last.atNanos()) / NANOS_PER_SECOND));
        }
    }

    private void gain(String name, double total) {
        sample(name, since(name, total));
    }

    /** How much a counter has grown since the last turn; 0 at first and after it was reset. */
    private double since(String name, double total) {
        Reading last = before.put(name, new Reading(total, recorder.nowNanos()));
        return last == null ? 0 : Math.max(0, total - last.value());
    }

    private void sample(String name, double value) {
        recorder.record(new Event.Sample(recorder.nowNanos(), prefix + name, value));
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join(CLOSE_MAX);
    }
}

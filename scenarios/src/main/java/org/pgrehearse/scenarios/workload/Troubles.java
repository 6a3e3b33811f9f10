package org.pgrehearse.scenarios.workload;

import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;

/** Records that a worker died of something nobody expected, so that the run cannot pass as if nothing had happened. */
record Troubles(String where, Recorder recorder) implements Thread.UncaughtExceptionHandler {
    @Override
    public void uncaughtException(Thread thread, Throwable e) {
        report("Cannot go on in thread \"" + thread.getName() + "\": " + e
                + (e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0])
                + ". What it would have recorded may be missing.");
    }

    void report(String message) {
        recorder.record(new Event.Trouble(recorder.nowNanos(), where, message));
    }
}

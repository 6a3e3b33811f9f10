package org.pgrehearse.scenarios.capture;

/** Takes what a log holds, in its order. */
interface LogSink {
    /** A message that was read whole. */
    void entry(LogEntry entry);

    /** Something that could not be read, and is left out. */
    void damaged(String place, String why);
}

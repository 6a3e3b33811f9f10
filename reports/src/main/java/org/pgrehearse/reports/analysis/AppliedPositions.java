package org.pgrehearse.reports.analysis;

import org.pgrehearse.reports.column.LongColumn;
import org.pgrehearse.reports.journal.Event;

/** The positions of the source that the target had applied, as they were read. */
final class AppliedPositions {
    static final int NONE = -1;

    private final LongColumn times = new LongColumn();
    private final LongColumn positions = new LongColumn();

    void add(Event.Applied applied) {
        long position = Lsn.parse(applied.sourceLsn()).position();
        times.add(applied.atNanos());
        positions.add(position);
    }

    /** The number of the last reading at or before an instant, or {@link #NONE}. */
    int lastUntil(long nanos) {
        int last = NONE;
        for (int i = 0; i < times.size(); i++) {
            if (times.get(i) <= nanos && (last == NONE || times.get(i) >= times.get(last))) {
                last = i;
            }
        }
        return last;
    }

    long time(int reading) {
        return times.get(reading);
    }

    Lsn position(int reading) {
        return new Lsn(positions.get(reading));
    }
}

package org.pgrehearse.reports.invariant;

import java.util.stream.IntStream;
import org.pgrehearse.reports.column.IntColumn;
import org.pgrehearse.reports.column.LongColumn;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/** The acknowledged numbers of one sequence: none of them may come twice. Not safe for use by many threads. */
final class IssuedIds {
    private static final int PROCESS_BITS = 2;
    private static final int SIDE_MASK = 0b11;

    private final LongColumn ids = new LongColumn();
    private final LongColumn started = new LongColumn();
    private final LongColumn ended = new LongColumn();
    private final IntColumn origins = new IntColumn();

    void add(Event.IdIssued issued) {
        ids.add(issued.id());
        started.add(issued.startedNanos());
        ended.add(issued.endedNanos());
        int side = issued.side() == null ? 0 : issued.side() == Side.SOURCE ? 1 : 2;
        origins.add(issued.process() << PROCESS_BITS | side);
    }

    /** Every number that was acknowledged more than once, told of the later one. */
    InvariantBook.Tally tally(String sequence, long baselineUntil) {
        InvariantBook.Tally tally = new InvariantBook.Tally();
        tally.readings(ids.size());
        int[] order = IntStream.range(0, ids.size())
                .boxed()
                .sorted((one, other) -> ids.get(one) == ids.get(other)
                        ? Long.compare(ended.get(one), ended.get(other))
                        : Long.compare(ids.get(one), ids.get(other)))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 1; i < order.length; i++) {
            int before = order[i - 1];
            int again = order[i];
            if (ids.get(before) == ids.get(again)) {
                tally.broken(
                        started.get(again),
                        ended.get(again) <= baselineUntil,
                        ended.get(again) - ended.get(before),
                        sequence + " handed out " + ids.get(again) + told(before) + " and again" + told(again));
            }
        }
        return tally;
    }

    private String told(int number) {
        int side = origins.get(number) & SIDE_MASK;
        return InvariantBook.on(side == 0 ? null : side == 1 ? Side.SOURCE : Side.TARGET) + " to process "
                + (origins.get(number) >> PROCESS_BITS) + ", acknowledged at "
                + InvariantBook.instant(ended.get(number));
    }
}

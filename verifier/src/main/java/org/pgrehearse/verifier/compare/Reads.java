package org.pgrehearse.verifier.compare;

import java.util.function.LongSupplier;
import org.pgrehearse.verifier.chunk.Pace;

/**
 * How all tables of a comparison are read.
 *
 * @param maxDifferences differences listed per table at most
 * @param nanos the clock that statements are timed by
 */
record Reads(Pace pace, int maxDifferences, LongSupplier nanos, ProgressMeter meter) {
    /** Told of the bytes and rows of one side that one statement read; the table is called as on the source. */
    void read(Sides sides, long rows, double bytes) {
        meter.read(sides.name(), rows, bytes);
    }
}

package org.pgrehearse.chaos.proxy;

import java.util.concurrent.atomic.LongAdder;
import org.pgrehearse.chaos.proxy.Effects.ToxicEffects;

/** Counts what one toxic does. Safe for use by many threads. */
final class ToxicTally {
    final LongAdder connectionsCut = new LongAdder();
    final LongAdder connectionsReset = new LongAdder();
    final LongAdder chunksDelayed = new LongAdder();
    final LongAdder chunksSliced = new LongAdder();
    final LongAdder bytesHeld = new LongAdder();
    final LongAdder bytesDropped = new LongAdder();
    final LongAdder closesDelayed = new LongAdder();

    /** The counter of connections that are ended like this. */
    LongAdder ended(Ending ending) {
        return switch (ending) {
            case CLOSE -> connectionsCut;
            case RESET -> connectionsReset;
        };
    }

    ToxicEffects effects() {
        return new ToxicEffects(
                connectionsCut.sum(),
                connectionsReset.sum(),
                chunksDelayed.sum(),
                chunksSliced.sum(),
                bytesHeld.sum(),
                bytesDropped.sum(),
                closesDelayed.sum());
    }
}

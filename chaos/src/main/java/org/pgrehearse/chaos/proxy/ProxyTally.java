package org.pgrehearse.chaos.proxy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.pgrehearse.chaos.proxy.Effects.ToxicEffects;
import org.pgrehearse.chaos.proxy.Effects.Traffic;

/** Counts what one proxy does. Safe for use by many threads. */
final class ProxyTally {
    final LongAdder connectionsAccepted = new LongAdder();
    final LongAdder connectionsRefused = new LongAdder();
    final LongAdder connectionsCut = new LongAdder();
    final LongAdder connectionsReset = new LongAdder();
    final LongAdder dialsFailed = new LongAdder();
    /** Sockets that could not be shut down or closed in order, mostly because the peer was faster. */
    final LongAdder closesFailed = new LongAdder();

    private final Bytes upstream = new Bytes();
    private final Bytes downstream = new Bytes();

    /** The counter of connections that are ended like this. */
    LongAdder ended(Ending ending) {
        return switch (ending) {
            case CLOSE -> connectionsCut;
            case RESET -> connectionsReset;
        };
    }

    Bytes bytes(Direction direction) {
        return switch (direction) {
            case UPSTREAM -> upstream;
            case DOWNSTREAM -> downstream;
        };
    }

    Effects effects(long connectionsOpen, List<ActiveToxic> toxics) {
        Map<String, ToxicEffects> byName = new LinkedHashMap<>();
        toxics.forEach(
                active -> byName.put(active.toxic().name(), active.tally().effects()));
        return new Effects(
                connectionsAccepted.sum(),
                connectionsOpen,
                connectionsRefused.sum(),
                connectionsCut.sum(),
                connectionsReset.sum(),
                dialsFailed.sum(),
                upstream.traffic(),
                downstream.traffic(),
                byName);
    }

    /** The bytes of one direction. */
    static final class Bytes {
        final LongAdder received = new LongAdder();
        final LongAdder passed = new LongAdder();
        final LongAdder dropped = new LongAdder();

        private Traffic traffic() {
            long passedNow = passed.sum();
            long droppedNow = dropped.sum();
            long receivedNow = received.sum();
            return new Traffic(receivedNow, passedNow, droppedNow, Math.max(0, receivedNow - passedNow - droppedNow));
        }
    }
}

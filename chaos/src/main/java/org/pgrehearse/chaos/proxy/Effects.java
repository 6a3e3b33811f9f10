package org.pgrehearse.chaos.proxy;

import java.util.Map;

/**
 * What a proxy has done since it was created. Counters never go back, except {@code connectionsOpen} and
 * {@code bytesWaiting}, which say how things are now.
 *
 * @param connectionsRefused accepted by the listener and closed at once because too many were open
 * @param connectionsCut closed by the proxy's own doing, without a reset
 * @param connectionsReset ended with a TCP reset by the proxy's own doing
 * @param dialsFailed connections whose server could not be reached
 * @param toxics by name; those removed lately are included
 */
public record Effects(
        long connectionsAccepted,
        long connectionsOpen,
        long connectionsRefused,
        long connectionsCut,
        long connectionsReset,
        long dialsFailed,
        Traffic upstream,
        Traffic downstream,
        Map<String, ToxicEffects> toxics) {

    public Effects {
        toxics = Map.copyOf(toxics);
    }

    /** What the named toxic has done; nothing when it is not known. */
    public ToxicEffects toxic(String name) {
        return toxics.getOrDefault(name, ToxicEffects.NONE);
    }

    /**
     * The bytes of one direction.
     *
     * @param bytesWaiting received and neither passed nor dropped yet
     */
    public record Traffic(long bytesReceived, long bytesPassed, long bytesDropped, long bytesWaiting) {}

    /**
     * What one toxic has done.
     *
     * @param bytesHeld bytes that had to wait because of it
     * @param closesDelayed ends of streams that had to wait because of it
     */
    public record ToxicEffects(
            long connectionsCut,
            long connectionsReset,
            long chunksDelayed,
            long chunksSliced,
            long bytesHeld,
            long bytesDropped,
            long closesDelayed) {
        /** Nothing done. */
        public static final ToxicEffects NONE = new ToxicEffects(0, 0, 0, 0, 0, 0, 0);
    }
}

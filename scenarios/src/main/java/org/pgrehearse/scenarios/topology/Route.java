package org.pgrehearse.scenarios.topology;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pgrehearse.reports.journal.Side;

/**
 * Which side one application instance uses now. Each instance has a route of its own, so one of them can miss a pause
 * or a switch. Switching means connecting to the other gateway: what a gateway points at is never changed. Safe for use
 * by many threads.
 */
public final class Route {
    private final Map<Side, Gateway> gateways;
    private final Gate gate = new Gate();
    private final List<Runnable> switchListeners = new CopyOnWriteArrayList<>();
    private volatile Position position;

    /**
     * A route to the gateway of the side it starts with.
     *
     * @param gateways at most one for each side; one is enough for a migration in place
     */
    public Route(List<Gateway> gateways, Side initial) {
        Map<Side, Gateway> bySide = new EnumMap<>(Side.class);
        for (Gateway gateway : gateways) {
            if (bySide.put(gateway.side(), gateway) != null) {
                throw new IllegalArgumentException("Cannot route over two gateways to " + gateway.side() + ".");
            }
        }
        this.gateways = bySide;
        this.position = new Position(gateway(initial), 0);
    }

    /** The side new connections go to. */
    public Side side() {
        return position.gateway().side();
    }

    /** The gateway new connections go to, and how often the route was switched before. */
    public Position position() {
        return position;
    }

    /**
     * Sends new connections to the other side. Connections in use finish their transaction, or are cut by the server;
     * idle ones are closed before this returns. Switching to the side in use does nothing.
     */
    public void switchTo(Side side) {
        synchronized (this) {
            if (position.gateway().side() == side) {
                return;
            }
            position = new Position(gateway(side), position.generation() + 1);
        }
        switchListeners.forEach(Runnable::run);
    }

    /** Writes that arrive from now on wait at the gate; those under way go on. */
    public void pauseWrites() {
        gate.pause();
    }

    /** Lets waiting writes go on. */
    public void resumeWrites() {
        gate.resume();
    }

    /** Waits until no write is under way; false when the patience ended first. */
    public boolean awaitNoWrites(Duration patience) throws InterruptedException {
        return gate.awaitEmpty(patience);
    }

    /** Where this instance's writes wait. */
    public Gate gate() {
        return gate;
    }

    void onSwitch(Runnable listener) {
        switchListeners.add(listener);
    }

    void forget(Runnable listener) {
        switchListeners.remove(listener);
    }

    private Gateway gateway(Side side) {
        Gateway gateway = gateways.get(side);
        if (gateway == null) {
            throw new IllegalArgumentException("Cannot switch to " + side + ": the route has no gateway there.");
        }
        return gateway;
    }

    /**
     * What a route points at.
     *
     * @param generation rises with each switch; a connection of an older one is closed when it is returned
     */
    public record Position(Gateway gateway, long generation) {}
}

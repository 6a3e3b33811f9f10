package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.Processes;
import org.pgrehearse.chaos.server.StopMode;

/** A server that is stopped by its own means, and started again: to heal, or at once. */
public final class StopHarm implements Harm {
    private static final Duration STOP_MAX = Duration.ofSeconds(60);
    private static final long NONE = -1;

    private final ProcessControl server;
    private final StopMode mode;
    private final boolean atOnce;
    private final AtomicLong before = new AtomicLong(NONE);

    /**
     * A stop that has not begun.
     *
     * @param atOnce whether it is started again as a part of the fault
     */
    public StopHarm(ProcessControl server, StopMode mode, boolean atOnce) {
        this.server = server;
        this.mode = mode;
        this.atOnce = atOnce;
    }

    @Override
    public void inject() throws IOException {
        long pid = server.pid();
        if (Processes.isGone(pid)) {
            throw new IOException("it does not run. Start it first.");
        }
        before.set(pid);
        new Processes(pid).ask(mode);
        // A smart stop lasts until the last session ends; nobody waits for that here.
        if (mode != StopMode.SMART && !Processes.awaitGone(List.of(pid), STOP_MAX)) {
            throw new IOException("process " + pid + " still runs " + STOP_MAX.toSeconds()
                    + " s after a stop. Read the server's log.");
        }
        if (atOnce) {
            server.restart();
        }
    }

    @Override
    public Optional<String> evidence() {
        long pid = before.get();
        if (pid == NONE || !Processes.isGone(pid)) {
            return Optional.empty();
        }
        return Optional.of("process " + pid + " ended by itself after SIG" + mode.signal());
    }

    @Override
    public void heal() throws IOException {
        long old = before.get();
        if (old == NONE) {
            return;
        }
        if (!Processes.isGone(old)) {
            // A stop cannot be called off. Its sessions have had their time.
            new Processes(old).ask(StopMode.FAST);
            if (!Processes.awaitGone(List.of(old), STOP_MAX)) {
                throw new IOException("process " + old + " does not end. Kill it and start the server.");
            }
        }
        if (server.pid() == old || Processes.isGone(server.pid())) {
            server.restart();
        }
        long pid = server.pid();
        if (pid == old || Processes.isGone(pid)) {
            throw new IOException("process " + pid + " does not run. Read the server's log.");
        }
    }
}

package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.chaos.server.ProcessControl;

/**
 * A server in a container as faults reach it: its processes, which root sees and signals on this machine like any
 * others, and its sessions. Its data folder is the container's own. Thread-safe.
 */
final class DockerControl implements ProcessControl {
    private final DockerServer server;
    private final boolean harmful;
    private volatile long lastPid;

    DockerControl(DockerServer server) {
        this.server = server;
        this.harmful = mayHarm();
        this.lastPid = server.pid();
    }

    @Override
    public String name() {
        return server.name();
    }

    /** A server that is gone keeps the number it had. */
    @Override
    public long pid() throws IOException {
        try {
            long pid = server.pid();
            if (pid != 0) {
                lastPid = pid;
            }
            return lastPid;
        } catch (EnvironmentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public synchronized void restart() throws IOException {
        try {
            server.restart();
        } catch (EnvironmentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Optional<ProcessControl> processes() {
        return harmful ? Optional.of(this) : Optional.empty();
    }

    /** Whether this process may signal those of containers. */
    static boolean mayHarm() {
        return Accounts.user(List.of()) == 0;
    }

    @Override
    public Optional<SqlAccess> sql() {
        return Optional.of(server::admin);
    }
}

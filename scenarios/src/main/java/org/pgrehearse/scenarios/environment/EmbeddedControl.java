package org.pgrehearse.scenarios.environment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.chaos.server.ProcessControl;

/** An embedded server as faults reach it: everything of it may be harmed. */
final class EmbeddedControl implements ProcessControl {
    private final EmbeddedServer server;
    private volatile long lastPid;

    EmbeddedControl(EmbeddedServer server) {
        this.server = server;
        this.lastPid = server.pid();
    }

    @Override
    public String name() {
        return server.side().name().toLowerCase(Locale.ROOT);
    }

    /** A server that is gone keeps the number it had. */
    @Override
    public long pid() {
        if (server.isAlive()) {
            lastPid = server.pid();
        }
        return lastPid;
    }

    @Override
    public void restart() throws IOException {
        restart(Map.of());
    }

    @Override
    public synchronized void restart(Map<String, String> variables) throws IOException {
        try {
            server.kill(); // whatever a crash has left of it
            server.startWith(variables);
        } catch (EnvironmentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Optional<SqlAccess> sql() {
        return Optional.of(server::admin);
    }

    @Override
    public Optional<Path> data() {
        return Optional.of(server.data());
    }
}

package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.Processes;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** A backend that is killed, so that the server ends all its sessions and recovers from a crash. The victim is ours. */
public final class BackendHarm implements Harm {
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(60);
    private static final String CHECKPOINTER = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'";

    private final ProcessControl server;
    private final SqlAccess access;
    private final AtomicReference<List<Long>> victim = new AtomicReference<>(List.of());
    private final AtomicReference<String> checkpointer = new AtomicReference<>("");

    /** A kill that has not happened. */
    public BackendHarm(ProcessControl server, SqlAccess access) {
        this.server = server;
        this.access = access;
    }

    @Override
    public void inject() throws IOException {
        try (Connection connection = Sql.open(access)) {
            long pid = Long.parseLong(
                    Sql.rows(connection, "SELECT pg_backend_pid()").getFirst().getFirst());
            checkpointer.set(Sql.rows(connection, CHECKPOINTER).getFirst().getFirst());
            // A number from elsewhere could be anybody's process here.
            if (!new Processes(server.pid()).all().contains(pid)) {
                throw new IOException("backend " + pid + " is no process of the server here. Reach it directly.");
            }
            victim.set(List.of(pid));
            Processes.kill(List.of(pid));
            if (!Processes.awaitGone(List.of(pid), RECOVERY_MAX)) {
                throw new IOException("backend " + pid + " survived SIGKILL. Check the machine.");
            }
        } catch (SQLException e) {
            throw Sql.failed(e);
        }
    }

    @Override
    public Optional<String> evidence() {
        if (victim.get().isEmpty()) {
            return Optional.empty();
        }
        try {
            String now = Sql.value(access, CHECKPOINTER).orElse("");
            return now.isEmpty() || now.equals(checkpointer.get())
                    ? Optional.empty()
                    : Optional.of("backend " + victim.get().getFirst()
                            + " killed; the server ended every session and recovered, its checkpointer is "
                            + now + " instead of " + checkpointer.get());
        } catch (IOException recovering) {
            return Optional.empty();
        }
    }

    @Override
    public void heal() throws IOException {
        if (victim.get().isEmpty()) {
            return;
        }
        boolean answers = Wait.until(RECOVERY_MAX, () -> {
            if (Processes.isGone(server.pid())) {
                server.restart(); // restart_after_crash is off
            }
            return Sql.value(access, CHECKPOINTER).isPresent();
        });
        if (!answers) {
            throw new IOException("no session was possible within " + RECOVERY_MAX.toSeconds()
                    + " s after the crash. Read the server's log.");
        }
    }
}

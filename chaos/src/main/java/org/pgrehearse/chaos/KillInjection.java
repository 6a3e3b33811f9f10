package org.pgrehearse.chaos;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.Processes;

/** A server whose processes are killed, and started again to heal. */
final class KillInjection implements Injection {
    private final ProcessControl server;
    private final AtomicReference<List<Long>> killed = new AtomicReference<>(List.of());

    KillInjection(ProcessControl server) {
        this.server = server;
    }

    @Override
    public void inject() throws IOException {
        killed.set(new Processes(server.pid()).kill());
    }

    @Override
    public Optional<String> evidence() {
        List<Long> pids = killed.get();
        boolean gone = !pids.isEmpty() && pids.stream().allMatch(Processes::isGone);
        return gone ? Optional.of(pids.size() + " processes gone, the first " + pids.getFirst()) : Optional.empty();
    }

    @Override
    public void heal() throws IOException {
        if (!killed.get().isEmpty()) {
            server.restart();
            long pid = server.pid();
            if (killed.get().contains(pid) || Processes.isGone(pid)) {
                throw new IOException("process " + pid + " does not run. Read the server's log.");
            }
        }
    }
}

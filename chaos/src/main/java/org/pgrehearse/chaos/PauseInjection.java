package org.pgrehearse.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.Processes;

/** A server whose processes stand still. */
final class PauseInjection implements Injection {
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    private final ProcessControl server;
    private final AtomicReference<List<Long>> stopped = new AtomicReference<>(List.of());

    PauseInjection(ProcessControl server) {
        this.server = server;
    }

    @Override
    public void inject() throws IOException {
        Processes processes = new Processes(server.pid());
        stopped.set(processes.all());
        stopped.set(processes.stop());
        // A process in the middle of a read or a write stops only after that.
        if (!Processes.awaitStopped(stopped.get(), STOP_MAX)) {
            throw new IOException("processes of the server still run after SIGSTOP. Check the machine's disks.");
        }
    }

    @Override
    public Optional<String> evidence() {
        List<Long> pids = stopped.get();
        long standing = pids.stream().filter(Processes::isStopped).count();
        boolean all = standing > 0
                && standing
                        == pids.stream().filter(pid -> !Processes.isGone(pid)).count();
        return all ? Optional.of(standing + " processes in state T, the first " + pids.getFirst()) : Optional.empty();
    }

    @Override
    public void heal() throws IOException {
        Processes.resume(stopped.get());
        List<Long> still = stopped.get().stream().filter(Processes::isStopped).toList();
        if (!still.isEmpty()) {
            throw new IOException("processes " + still + " still stand. Send them SIGCONT.");
        }
    }
}

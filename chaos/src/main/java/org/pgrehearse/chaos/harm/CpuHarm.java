package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.pgrehearse.chaos.server.Processes;

/** Child processes of ours that compute for nothing. Each ends by itself after {@link #PRESSURE_MAX}. */
public final class CpuHarm implements Harm {
    /** Longer than this no process presses, even if we are killed. */
    public static final Duration PRESSURE_MAX = Duration.ofMinutes(10);

    private static final Duration END_MAX = Duration.ofSeconds(5);
    private static final Duration USED_MIN = Duration.ofMillis(100);

    private final int processes;
    private final List<Process> children = new CopyOnWriteArrayList<>();

    /** So many processes that do not run yet. */
    public CpuHarm(int processes) {
        this.processes = processes;
    }

    @Override
    public void inject() throws IOException {
        for (int i = 0; i < processes; i++) {
            children.add(new ProcessBuilder(
                            "timeout",
                            "-s",
                            "KILL",
                            Long.toString(PRESSURE_MAX.toSeconds()),
                            "sh",
                            "-c",
                            "while :; do :; done",
                            Traces.PRESSURE + ProcessHandle.current().pid())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        }
    }

    @Override
    public Optional<String> evidence() {
        Duration used = children.stream()
                .flatMap(child -> Stream.concat(Stream.of(child.toHandle()), child.descendants()))
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
        return used.compareTo(USED_MIN) < 0
                ? Optional.empty()
                : Optional.of(children.size() + " processes used " + used.toMillis() + " ms of processor time");
    }

    @Override
    public void heal() throws IOException {
        List<Long> pids = new ArrayList<>();
        for (Process child : children) {
            pids.addAll(new Processes(child.pid()).all());
        }
        Processes.kill(pids);
        if (!Processes.awaitGone(pids, END_MAX)) {
            throw new IOException("processes " + pids + " do not end. Kill them by hand.");
        }
        children.clear();
    }
}

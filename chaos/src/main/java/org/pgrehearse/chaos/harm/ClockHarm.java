package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgrehearse.chaos.server.ProcessControl;
import org.pgrehearse.chaos.server.Processes;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;
import org.pgrehearse.chaos.server.StopMode;

/** A server whose clock is wrong, because it was started with libfaketime. The machine's clock is never touched. */
public final class ClockHarm implements Harm {
    private static final Duration STOP_MAX = Duration.ofSeconds(60);
    private static final Duration TOLERANCE = Duration.ofSeconds(2);
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
            Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"),
            Path.of("/usr/lib64/faketime/libfaketime.so.1"),
            Path.of("/usr/lib/faketime/libfaketime.so.1"),
            Path.of("/usr/local/lib/faketime/libfaketime.so.1"));

    private final ProcessControl server;
    private final SqlAccess access;
    private final Duration offset;
    private final InstantSource clock;
    private final AtomicBoolean touched = new AtomicBoolean();

    /** A clock that is right, as ours is. */
    public ClockHarm(ProcessControl server, SqlAccess access, Duration offset, InstantSource clock) {
        this.server = server;
        this.access = access;
        this.offset = offset;
        this.clock = clock;
    }

    @Override
    public void inject() throws IOException {
        Path library = LIBRARIES.stream()
                .filter(Files::isReadable)
                .findFirst()
                .orElseThrow(() -> new IOException("libfaketime is not installed. Install the package faketime."));
        long seconds = offset.toSeconds();
        touched.set(true);
        stop();
        server.restart(Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME",
                (seconds < 0 ? "-" : "+") + Math.abs(seconds) + "s",
                // Waits and timeouts stay true; only what the server calls now is wrong.
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1"));
        if (!isOff(offset)) {
            throw new IOException("the server's clock did not move. See whether its account can read " + library + ".");
        }
    }

    @Override
    public Optional<String> evidence() {
        try {
            return touched.get() && isOff(offset)
                    ? Optional.of("the server's clock is off by " + off().toSeconds() + " s")
                    : Optional.empty();
        } catch (IOException unanswered) {
            return Optional.empty();
        }
    }

    @Override
    public void heal() throws IOException {
        if (!touched.get()) {
            return;
        }
        stop();
        server.restart();
        if (!isOff(Duration.ZERO)) {
            throw new IOException(
                    "the server's clock is still off by " + off().toSeconds() + " s. Start it without LD_PRELOAD.");
        }
    }

    private void stop() throws IOException {
        long pid = server.pid();
        if (!Processes.isGone(pid)) {
            new Processes(pid).ask(StopMode.FAST);
            if (!Processes.awaitGone(List.of(pid), STOP_MAX)) {
                throw new IOException("process " + pid + " still runs " + STOP_MAX.toSeconds()
                        + " s after a stop. Read the server's log.");
            }
        }
    }

    private boolean isOff(Duration by) throws IOException {
        return off().minus(by).abs().compareTo(TOLERANCE) <= 0;
    }

    private Duration off() throws IOException {
        long theirs = Sql.number(access, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint");
        return Duration.ofMillis(theirs - clock.millis());
    }
}

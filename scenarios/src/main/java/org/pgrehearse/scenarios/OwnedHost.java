package org.pgrehearse.scenarios;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.Premises;
import org.pgrehearse.scenarios.migration.Host;
import org.pgrehearse.scenarios.migration.StepFailed;

/** The machine under a server of ours. The sides that a step has stopped are noted while they are away. */
record OwnedHost(Side side, Premises server, Set<Side> away) implements Host {
    private static final String BEFORE = "before";

    @Override
    public Path data() {
        return server.data();
    }

    @Override
    public void stop() throws StepFailed {
        away.add(side);
        try {
            server.stopNow();
        } catch (EnvironmentException e) {
            throw new StepFailed(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void setDataAside() throws IOException {
        moveAll(server.data(), server.folder(BEFORE));
    }

    @Override
    public void bringDataBack() throws IOException, StepFailed {
        stop();
        moveAll(server.data(), server.folder("rejected"));
        moveAll(server.folder(BEFORE), server.data());
        start(Map.of());
    }

    private static void moveAll(Path from, Path to) throws IOException {
        try (Stream<Path> entries = Files.list(from)) {
            for (Path entry : entries.toList()) {
                Files.move(entry, to.resolve(entry.getFileName().toString()));
            }
        }
    }

    @Override
    public void start(Map<String, String> settings) throws StepFailed {
        try {
            server.startOnReplacedData(settings);
        } catch (EnvironmentException e) {
            throw new StepFailed(String.valueOf(e.getMessage()), e);
        }
        away.remove(side);
    }

    @Override
    public Path folder(String name) throws IOException {
        return server.folder(name);
    }
}

package org.pgrehearse.scenarios.testkit;

import java.util.List;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.migration.Rig;

/** A rig without servers, for steps that need none. */
public final class IdleRig implements Rig {
    private final MemoryRecorder recorder = new MemoryRecorder();

    /** What was recorded. */
    public MemoryRecorder memory() {
        return recorder;
    }

    @Override
    public Recorder recorder() {
        return recorder;
    }

    @Override
    public void checkpoint() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    @Override
    public Server source() {
        throw noServers();
    }

    @Override
    public Server target() {
        throw noServers();
    }

    @Override
    public String replicationConninfo() {
        throw noServers();
    }

    @Override
    public String replicationRole() {
        throw noServers();
    }

    @Override
    public List<String> tables() {
        throw noServers();
    }

    @Override
    public void createSchema(Side side) {
        throw noServers();
    }

    @Override
    public Traffic traffic() {
        throw noServers();
    }

    @Override
    public void holdTargetSnapshot() {
        throw noServers();
    }

    @Override
    public void verify() {
        throw noServers();
    }

    private static IllegalStateException noServers() {
        return new IllegalStateException("this rig has no servers");
    }
}

package org.pgrehearse.scenarios.testkit;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.dataset.ShopDataset;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.migration.Rig;

/** Real servers under the steps of a runbook, without a load; what is asked of the traffic is written down. */
public final class ServerRig implements Rig, Rig.Traffic {
    private final EmbeddedEnvironment environment;
    private final MemoryRecorder recorder = new MemoryRecorder();
    private final List<String> asked = new ArrayList<>();

    private final Path folder;
    private final ClientPrograms clients;

    /** A rig on running servers, without a place for programs. */
    public ServerRig(EmbeddedEnvironment environment) {
        this(environment, Path.of("nowhere"));
    }

    /** A rig on running servers, whose programs start in a folder. */
    public ServerRig(EmbeddedEnvironment environment, Path folder) {
        this(environment, folder, ClientPrograms.detect(System.getenv(), Path.of("/")));
    }

    private ServerRig(EmbeddedEnvironment environment, Path folder, ClientPrograms clients) {
        this.environment = environment;
        this.folder = folder;
        this.clients = clients;
    }

    /** The same on a machine that has no client program at all. */
    public ServerRig withoutPrograms() {
        return new ServerRig(environment, folder, ClientPrograms.detect(Map.of(), folder));
    }

    /** The same on a machine that has the client programs of a folder, and no other. */
    public ServerRig withPrograms(Path programs) {
        Map<String, String> path = Map.of("PATH", programs.toString());
        return new ServerRig(environment, folder, ClientPrograms.detect(path, folder));
    }

    @Override
    public ClientPrograms clients() {
        return clients;
    }

    @Override
    public Rig.Places places() {
        return new Rig.Places(folder, folder.resolve("outputs"));
    }

    /** What the traffic and the instruments were asked for, in order. */
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /** What was recorded. */
    public MemoryRecorder memory() {
        return recorder;
    }

    @Override
    public Server source() {
        return environment.source();
    }

    @Override
    public Server target() {
        return environment.target();
    }

    @Override
    public String replicationConninfo() {
        return "host=" + source().host() + " port=" + source().port() + " dbname=" + source().database() + " user="
                + replicationRole();
    }

    @Override
    public String replicationRole() {
        return EmbeddedEnvironment.REPLICATION_ROLE;
    }

    @Override
    public List<String> tables() {
        return ShopDataset.tables();
    }

    @Override
    public void createSchema(Side side) throws SQLException {
        try (Connection connection = environment.server(side).admin()) {
            ShopDataset.createSchema(connection);
        }
    }

    @Override
    public Rig.Traffic traffic() {
        return this;
    }

    @Override
    public void holdTargetSnapshot() {
        asked.add("hold snapshot");
    }

    @Override
    public void verify() {
        asked.add("verify");
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
    public void pauseWrites() {
        asked.add("pause");
    }

    @Override
    public void resumeWrites() {
        asked.add("resume");
    }

    @Override
    public void switchTo(Side side) {
        asked.add("switch to " + side);
    }
}

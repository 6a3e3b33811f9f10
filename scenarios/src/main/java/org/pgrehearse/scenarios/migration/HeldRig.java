package org.pgrehearse.scenarios.migration;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.ClientPrograms;
import org.pgrehearse.scenarios.environment.Server;

/** The rig as one step has it: what it opens on the servers ends with the step's leash. */
final class HeldRig implements Rig {
    private final Rig rig;
    private final Leash leash;

    HeldRig(Rig rig, Leash leash) {
        this.rig = rig;
        this.leash = leash;
    }

    @Override
    public void saw(String what) {
        leash.saw(what);
    }

    @Override
    public Server source() {
        return new HeldServer(rig.source(), leash);
    }

    @Override
    public Server target() {
        return new HeldServer(rig.target(), leash);
    }

    @Override
    public boolean hasTarget() {
        return rig.hasTarget();
    }

    @Override
    public Server server(Side side) {
        return new HeldServer(rig.server(side), leash);
    }

    @Override
    public String replicationConninfo() {
        return rig.replicationConninfo();
    }

    @Override
    public String replicationConninfo(Side sender) throws StepFailed {
        return rig.replicationConninfo(sender);
    }

    @Override
    public String replicationConninfoWithSecret(Side sender) throws StepFailed {
        return rig.replicationConninfoWithSecret(sender);
    }

    @Override
    public String adminConninfo(Side side) throws StepFailed {
        return rig.adminConninfo(side);
    }

    @Override
    public Address programsReach(Side side) {
        return rig.programsReach(side);
    }

    @Override
    public ClientPrograms clients() {
        return rig.clients();
    }

    @Override
    public Pooler pooler() throws StepFailed {
        return rig.pooler();
    }

    @Override
    public Host host(Side side) throws StepFailed {
        return rig.host(side);
    }

    @Override
    public String replicationRole() {
        return rig.replicationRole();
    }

    @Override
    public List<String> tables() {
        return rig.tables();
    }

    @Override
    public void createSchema(Side side) throws SQLException {
        rig.createSchema(side);
    }

    @Override
    public Rig.Traffic traffic() {
        return rig.traffic();
    }

    @Override
    public void holdTargetSnapshot() throws SQLException {
        rig.holdTargetSnapshot();
    }

    @Override
    public void holdSnapshot(Side side) throws SQLException {
        rig.holdSnapshot(side);
    }

    @Override
    public void releaseSnapshots() throws SQLException {
        rig.releaseSnapshots();
    }

    @Override
    public void verifyBack() throws StepFailed, InterruptedException {
        rig.verifyBack();
    }

    @Override
    public void verify() throws StepFailed, InterruptedException {
        rig.verify();
    }

    @Override
    public Recorder recorder() {
        return rig.recorder();
    }

    @Override
    public void checkpoint() throws InterruptedException {
        rig.checkpoint();
    }

    @Override
    public boolean isStopping() {
        return rig.isStopping();
    }

    @Override
    public Rig.Places places() {
        return rig.places();
    }

    /** A server whose new connections are on the leash. */
    record HeldServer(Server server, Leash leash) implements Server {
        @Override
        public Optional<Path> logFile() {
            return server.logFile();
        }

        @Override
        public Side side() {
            return server.side();
        }

        @Override
        public String host() {
            return server.host();
        }

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public String database() {
            return server.database();
        }

        @Override
        public int majorVersion() {
            return server.majorVersion();
        }

        @Override
        public Connection admin() throws SQLException {
            return held(server.admin());
        }

        @Override
        public Connection admin(String database) throws SQLException {
            return held(server.admin(database));
        }

        @Override
        public Connection replication() throws SQLException {
            return held(server.replication());
        }

        @Override
        public String adminRole() {
            return server.adminRole();
        }

        @Override
        public Map<String, String> programVariables() {
            return server.programVariables();
        }

        private Connection held(Connection connection) throws SQLException {
            leash.hold(connection);
            return connection;
        }
    }
}

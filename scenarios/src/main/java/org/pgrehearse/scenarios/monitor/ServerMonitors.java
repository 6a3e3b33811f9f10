package org.pgrehearse.scenarios.monitor;

import java.util.List;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.environment.Server;

/** The monitors of all servers and of this machine. */
public final class ServerMonitors implements AutoCloseable {
    private final List<ServerMonitor> servers;
    private final MachineMonitor machine;

    private ServerMonitors(List<ServerMonitor> servers, MachineMonitor machine) {
        this.servers = servers;
        this.machine = machine;
    }

    /** Starts sampling. */
    public static ServerMonitors start(List<? extends Server> servers, Recorder recorder) {
        return new ServerMonitors(
                servers.stream()
                        .map(server -> ServerMonitor.start(server, recorder))
                        .toList(),
                MachineMonitor.start(recorder));
    }

    @Override
    public void close() throws InterruptedException {
        for (ServerMonitor server : servers) {
            server.close();
        }
        machine.close();
    }
}

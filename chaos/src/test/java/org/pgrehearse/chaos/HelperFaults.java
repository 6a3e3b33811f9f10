package org.pgrehearse.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.server.LockMode;
import org.pgrehearse.chaos.server.ServerControl;

/** A process that injects faults, says so, and waits to be killed. */
final class HelperFaults {
    private HelperFaults() {}

    /** Arguments: the server's data folder, its port, and "pause" for a pause instead of all the rest. */
    public static void main(String[] arguments) throws IOException, CannotInject {
        ServerControl server =
                TestServer.seenFromOutside("target", Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        FaultControl control = FaultControl.embedded(proxy, List.of(server), System::nanoTime);
        List<Fault> faults = arguments[2].equals("pause")
                ? List.of(new Fault.Pause("target"))
                : List.of(
                        new ServerFault.HoldLock("target", "item", LockMode.ACCESS_EXCLUSIVE),
                        new ServerFault.PreparedTransaction("target", ""),
                        new ServerFault.CpuPressure("target", 1),
                        new ServerFault.IoPressure("target", 1 << 20));
        for (Fault fault : faults) {
            System.out.println(control.inject(fault).fault().kind());
        }
        System.out.println("all");
        int end = System.in.read();
        System.out.println("input ended: " + end);
    }
}

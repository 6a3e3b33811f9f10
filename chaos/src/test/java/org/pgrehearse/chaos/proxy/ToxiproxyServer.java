package org.pgrehearse.chaos.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;

/** A server of Toxiproxy's API under test: the embedded one or a real one. */
public interface ToxiproxyServer extends AutoCloseable {
    /** Where it serves. */
    InetSocketAddress api();

    @Override
    void close() throws IOException;

    /** The embedded fault proxy. */
    static ToxiproxyServer embedded() throws IOException {
        FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        return new ToxiproxyServer() {
            @Override
            public InetSocketAddress api() {
                return proxy.apiAddress();
            }

            @Override
            public void close() throws IOException {
                proxy.close();
            }
        };
    }

    /** A real Toxiproxy, from the binary in the system property {@code toxiproxy.server}. */
    static ToxiproxyServer real() throws IOException {
        int port = freePort();
        Process process = new ProcessBuilder(List.of(
                        System.getProperty("toxiproxy.server", "toxiproxy-server"),
                        "-host",
                        "127.0.0.1",
                        "-port",
                        Integer.toString(port),
                        "-proxy-metrics"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        InetSocketAddress api = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Waiting.until(() -> accepts(port));
        return new ToxiproxyServer() {
            @Override
            public InetSocketAddress api() {
                return api;
            }

            @Override
            public void close() {
                process.destroyForcibly();
            }
        };
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean accepts(int port) {
        try {
            new Peer(port).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}

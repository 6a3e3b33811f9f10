package org.pgrehearse.chaos.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A server that remembers what it got and how connections ended, and sends back what it got or more than enough. */
public final class EchoServer implements AutoCloseable {
    /** What it does with a connection. */
    public enum Manner {
        ECHO,
        FLOOD,
        SWALLOW
    }

    private static final int CONNECTIONS_WAITING_MAX = 1024;

    private final ServerSocket socket = new ServerSocket();
    private final Manner manner;
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<String> endings = new ConcurrentLinkedQueue<>();

    public EchoServer(Manner manner) throws IOException {
        this.manner = manner;
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CONNECTIONS_WAITING_MAX);
        Thread.ofVirtual().start(this::accept);
    }

    public static EchoServer echo() throws IOException {
        return new EchoServer(Manner.ECHO);
    }

    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    public long received() {
        return received.get();
    }

    public long accepted() {
        return accepted.get();
    }

    /** Sorted by time: EOF, or the reset's message. */
    public Queue<String> endings() {
        return endings;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket connection : open) {
            connection.close();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                accepted.incrementAndGet();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    endings.add("accept failed: " + e.getMessage());
                }
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            InputStream in = connection.getInputStream();
            OutputStream out = connection.getOutputStream();
            byte[] buffer = new byte[8192];
            int length;
            while (manner == Manner.FLOOD) {
                out.write(buffer);
            }
            while ((length = in.read(buffer)) >= 0) {
                received.addAndGet(length);
                if (manner == Manner.ECHO) {
                    out.write(buffer, 0, length);
                }
            }
            endings.add("EOF");
        } catch (IOException e) {
            endings.add(String.valueOf(e.getMessage()));
        } finally {
            open.remove(connection);
        }
    }
}

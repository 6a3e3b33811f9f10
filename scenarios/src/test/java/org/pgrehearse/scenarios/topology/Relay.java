package org.pgrehearse.scenarios.topology;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A TCP relay on loopback that a test can refuse, stall and cut. */
public final class Relay implements AutoCloseable {
    private static final byte[] COMMIT = "COMMIT".getBytes(StandardCharsets.US_ASCII);

    private static final Duration ACCEPTOR_END_MAX = Duration.ofSeconds(10);

    private final int upstream;
    private final int port;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition resumed = lock.newCondition();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private Thread acceptor;
    private boolean stalled;
    private long stalledUpTo = -1;
    private long accepted;
    private volatile Cut cut = Cut.NEVER;

    /** A relay to a port on loopback. */
    public Relay(int upstream) throws IOException {
        this.upstream = upstream;
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        this.port = listener.getLocalPort();
        acceptor = serve(listener);
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** Cuts every connection and refuses new ones. */
    public void refuse() throws IOException {
        listener.close();
        try {
            // A listener that is still accepting would reset a connection instead of refusing it.
            acceptor.join(ACCEPTOR_END_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cutAll();
    }

    /** Accepts connections again. */
    public void accept() throws IOException {
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        acceptor = serve(listener);
    }

    /** Holds every byte back. */
    public void stall() {
        lock.lock();
        try {
            stalled = true;
        } finally {
            lock.unlock();
        }
    }

    /** Holds back every byte of the connections that exist now, and no other. */
    public void stallExisting() {
        lock.lock();
        try {
            stalledUpTo = accepted;
        } finally {
            lock.unlock();
        }
    }

    /** Lets the bytes go on. */
    public void resume() {
        lock.lock();
        try {
            stalled = false;
            stalledUpTo = -1;
            resumed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What to do when a client sends COMMIT. */
    public void atCommit(Cut what) {
        cut = what;
    }

    @Override
    public void close() throws IOException {
        refuse();
        resume();
    }

    private void cutAll() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private Thread serve(ServerSocket server) {
        return Thread.ofVirtual().start(() -> {
            try {
                while (!server.isClosed()) {
                    pipe(server.accept());
                }
            } catch (IOException closed) {
                // The test refuses connections now.
            }
        });
    }

    private void pipe(Socket client) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), upstream);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        long number = nextNumber();
        Thread.ofVirtual().start(() -> pump(number, client, server, true));
        Thread.ofVirtual().start(() -> pump(number, server, client, false));
    }

    private long nextNumber() {
        lock.lock();
        try {
            return ++accepted;
        } finally {
            lock.unlock();
        }
    }

    private void pump(long number, Socket from, Socket to, boolean fromClient) {
        byte[] buffer = new byte[65_536];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                awaitResumed(number);
                boolean commit = fromClient && contains(Arrays.copyOf(buffer, read), COMMIT);
                if (commit && cut == Cut.BEFORE) {
                    return;
                }
                if (commit && cut == Cut.AFTER) {
                    from.close();
                    out.write(buffer, 0, read);
                    // The server must take its time to read it before this end disappears.
                    to.shutdownOutput();
                    to.getInputStream().transferTo(OutputStream.nullOutputStream());
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException gone) {
            // One end closed; the other follows.
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private void awaitResumed(long number) {
        lock.lock();
        try {
            while (stalled || number <= stalledUpTo) {
                resumed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean contains(byte[] bytes, byte[] word) {
        for (int i = 0; i + word.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + word.length, word, 0, word.length)) {
                return true;
            }
        }
        return false;
    }

    /** When a connection is cut around a COMMIT. The client sees the same both times. */
    public enum Cut {
        NEVER,
        /** The server never sees the COMMIT. */
        BEFORE,
        /** The server commits, and its answer is lost. */
        AFTER
    }
}

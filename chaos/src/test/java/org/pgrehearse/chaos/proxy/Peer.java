package org.pgrehearse.chaos.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A client on a raw socket. No read waits longer than {@link #PATIENCE}. */
public final class Peer implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket = new Socket();

    public Peer(int port) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
    }

    /** Connects to the port of {@code host:port}. */
    public static Peer to(String listen) throws IOException {
        return new Peer(Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1)));
    }

    public Peer send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.US_ASCII));
    }

    public Peer send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    public Peer sendEnd() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    public String read(int length) throws IOException {
        byte[] bytes = socket.getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("only " + bytes.length + " of " + length + " bytes");
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** Sends and reads the same back. */
    public String echo(String text) throws IOException {
        return send(text).read(text.length());
    }

    /** Whether something can be read at once. */
    public boolean hasAnswer() throws IOException {
        return socket.getInputStream().available() > 0;
    }

    /** What comes until the end, and then how it ends: {@code EOF}, {@code RESET} or {@code SILENCE}. */
    public String rest(Duration patience) throws IOException {
        StringBuilder text = new StringBuilder();
        socket.setSoTimeout((int) patience.toMillis());
        byte[] buffer = new byte[8192];
        try {
            int length;
            while ((length = socket.getInputStream().read(buffer)) >= 0) {
                text.append(new String(buffer, 0, length, StandardCharsets.US_ASCII));
            }
            return text + "EOF";
        } catch (SocketTimeoutException e) {
            return text + "SILENCE";
        } catch (IOException e) {
            boolean reset =
                    String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("reset");
            return text + (reset ? "RESET" : e.getMessage());
        }
    }

    /** How the connection ends, within {@link #PATIENCE}. */
    public String ending() throws IOException {
        return rest(PATIENCE);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

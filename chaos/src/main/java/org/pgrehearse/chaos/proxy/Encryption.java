package org.pgrehearse.chaos.proxy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Agrees on TLS with a client and with a server, as PostgreSQL's peers do before anything else. Toxics and interceptors
 * come after that. Blocks; for a thread of its own.
 */
final class Encryption {
    private static final int REQUEST_BYTES = 8;
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final int TLS_HANDSHAKE = 0x16;
    private static final String PROTOCOL = "postgresql";

    /** A client asks for GSS at most once before it asks for TLS or for nothing. */
    private static final int REQUESTS_MAX = 3;

    private Encryption() {}

    /** The client's end: encrypted when it asks for that, either way PostgreSQL's clients do. */
    static Channel toClient(Socket client, Tls tls) throws IOException {
        InputStream in = client.getInputStream();
        for (int request = 1; request <= REQUESTS_MAX; request++) {
            byte[] first = in.readNBytes(1);
            if (first.length == 1 && first[0] == TLS_HANDSHAKE) {
                return encrypted(client, first, tls);
            }
            byte[] rest = in.readNBytes(first.length == 0 ? 0 : REQUEST_BYTES - 1);
            byte[] said = ByteBuffer.allocate(first.length + rest.length)
                    .put(first)
                    .put(rest)
                    .array();
            int code = said.length < REQUEST_BYTES ? 0 : ByteBuffer.wrap(said).getInt(Integer.BYTES);
            switch (code) {
                case SSL_REQUEST -> {
                    client.getOutputStream().write('S');
                    return encrypted(client, new byte[0], tls);
                }
                case GSS_REQUEST -> client.getOutputStream().write('N');
                default -> {
                    return new Channel(client, new SequenceInputStream(new ByteArrayInputStream(said), in));
                }
            }
        }
        throw new IOException("the client asks for encryption again and again");
    }

    /** The server's end. */
    static Channel toServer(Socket server, Tls tls) throws IOException {
        return switch (tls.toServer()) {
            case PLAIN -> Channel.of(server);
            case ENCRYPTED -> {
                server.getOutputStream()
                        .write(ByteBuffer.allocate(REQUEST_BYTES)
                                .putInt(REQUEST_BYTES)
                                .putInt(SSL_REQUEST)
                                .array());
                if (server.getInputStream().read() != 'S') {
                    throw new IOException("the server does not offer TLS");
                }
                String host = server.getInetAddress().getHostAddress();
                SSLSocket encrypted = (SSLSocket)
                        Tls.trustful().getSocketFactory().createSocket(server, host, server.getPort(), true);
                encrypted.startHandshake();
                yield Channel.of(encrypted);
            }
        };
    }

    private static Channel encrypted(Socket client, byte[] consumed, Tls tls) throws IOException {
        SSLSocketFactory factory = tls.forClients().getSocketFactory();
        SSLSocket encrypted = (SSLSocket) factory.createSocket(client, new ByteArrayInputStream(consumed), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {PROTOCOL});
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return Channel.of(encrypted);
    }

    /** A socket to write to, and what is read from it. */
    record Channel(Socket socket, InputStream in) {
        static Channel of(Socket socket) throws IOException {
            return new Channel(socket, socket.getInputStream());
        }
    }
}

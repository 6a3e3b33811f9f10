package org.pgrehearse.chaos.proxy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * The end of TLS at a proxy: clients find the proxy's certificate, and what follows the protocol can read what they
 * say.
 *
 * @param toServer whether the proxy asks the server for TLS in turn, and whether it needs it
 */
public record Tls(SSLContext forClients, ToServer toServer) {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final String ALIAS = "proxy";

    /** How the proxy reaches the server. */
    public enum ToServer {
        PLAIN,
        /** With TLS; the server's certificate is not checked, and a server without TLS is not accepted. */
        ENCRYPTED
    }

    /**
     * The end of TLS with this certificate.
     *
     * @param certificates PEM: the certificate, then those that vouch for it
     * @param key PEM, PKCS #8 without a password
     */
    public static Tls of(Path certificates, Path key, ToServer toServer) throws IOException {
        try {
            char[] noPassword = new char[0];
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, noPassword);
            store.setKeyEntry(ALIAS, privateKey(key), noPassword, certificates(certificates));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, noPassword);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new Tls(context, toServer);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "Cannot use certificate " + certificates + " with key " + key + ": " + e.getMessage()
                            + ". Give a PEM certificate and the key that belongs to it.",
                    e);
        }
    }

    /** Trusts every server: the proxy stands where an attacker would, between peers that both expect it. */
    static SSLContext trustful() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Trustful()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("Cannot prepare TLS to the server: " + e.getMessage(), e);
        }
    }

    private static Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        byte[] bytes = Files.readAllBytes(file);
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(bytes))
                .toArray(Certificate[]::new);
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        Matcher key = KEY.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        if (!key.find()) {
            throw new IOException("Cannot read key " + file + ": it has no PRIVATE KEY in PEM."
                    + " Convert it with \"openssl pkcs8 -topk8 -nocrypt\".");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(key.group(1)));
        InvalidKeySpecException failure = new InvalidKeySpecException("neither RSA nor EC");
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    private static final class Trustful implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

package org.pgrehearse.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.chaos.proxy.FaultProxy;
import org.pgrehearse.chaos.proxy.Tls;
import org.pgrehearse.chaos.wire.Action;
import org.pgrehearse.chaos.wire.Order;
import org.pgrehearse.chaos.wire.Point;
import org.pgrehearse.chaos.wire.Turns;
import org.pgrehearse.chaos.wire.Whom;

/** Faults that follow the protocol, where it is encrypted: a proxy that cannot read says so, one that ends TLS can. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsIT {
    private static final String PASSWORD = "changeit";
    private static final Order FAIL = new Order(
            Point.Statement.matching("SELECT 42"), new Whom.All(), new Action.Fail("40001"), Turns.everyNth(1));

    private final FaultProxy proxy = FaultProxy.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    private final TestServer server;
    private final FaultControl control;
    private final Path folder;

    TlsIT(@TempDir Path folder) throws IOException {
        this.folder = folder;
        server = new TestServer(folder.resolve("data"));
        control = FaultControl.embedded(proxy, List.of(), System::nanoTime);
    }

    /** A server with TLS is played by a proxy that ends it; the proxies before it stand where those of a user do. */
    @BeforeAll
    void create() throws Exception {
        certificate();
        String encrypted = create("encrypted", server.address());
        proxy.terminateTls("encrypted", tls(Tls.ToServer.PLAIN));
        create("passing", encrypted);
        create("ending", encrypted);
        proxy.terminateTls("ending", tls(Tls.ToServer.ENCRYPTED));
        create("half", server.address());
        proxy.terminateTls("half", tls(Tls.ToServer.PLAIN));
        create("wrong", server.address());
        proxy.terminateTls("wrong", tls(Tls.ToServer.ENCRYPTED));
    }

    @AfterAll
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void a_fault_on_connections_that_are_all_encrypted_is_not_injected() throws Exception {
        try (Connection connection = through("passing", "require")) {
            assertThat(answer(connection)).isEqualTo(42);
            assertThatThrownBy(() -> control.inject(new Fault.AtPoint("passing", FAIL)))
                    .isInstanceOf(CannotInject.class)
                    .hasMessage("Cannot inject at-point at passing: all of its 1 connections are encrypted and cannot"
                            + " be read. Terminate TLS at the proxy, or connect with sslmode=disable.");
        }
        control.assertNoFaultRemains();
    }

    @Test
    void a_fault_that_meets_an_encrypted_connection_says_that_it_could_not_see() throws Exception {
        try (Healing healing = control.inject(new Fault.AtPoint("passing", FAIL))) {
            assertThat(healing.unseen()).isEmpty();
            try (Connection connection = through("passing", "require")) {
                assertThat(answer(connection)).isEqualTo(42);
            }
            assertThat(healing.bite()).isEmpty();
            assertThat(healing.unseen())
                    .contains("1 connections were encrypted and could not be read."
                            + " Terminate TLS at the proxy, or connect with sslmode=disable.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"half", "ending"})
    void where_the_proxy_ends_tls_it_can_read(String name) throws Exception {
        for (String mode : name.equals("half") ? List.of("require", "disable") : List.of("require")) {
            try (Connection connection = through(name, mode);
                    Healing healing = control.inject(new Fault.AtPoint(name, FAIL))) {
                SQLException told = catchThrowableOfType(SQLException.class, () -> answer(connection));
                assertThat(told.getSQLState()).isEqualTo("40001");
                assertThat(healing.bite()).isPresent();
                assertThat(healing.unseen()).isEmpty();
            }
        }
        try (Connection connection = through(name, "require");
                Healing healing = control.inject(new Fault.Reset(name))) {
            assertThatThrownBy(() -> answer(connection)).isInstanceOf(SQLException.class);
            assertThat(healing.awaitBite(Duration.ofSeconds(10))).isPresent();
        }
    }

    @Test
    void a_server_without_tls_is_not_accepted_where_it_is_demanded() {
        assertThatThrownBy(() -> through("wrong", "require").close()).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> proxy.terminateTls("nowhere", tls(Tls.ToServer.PLAIN)))
                .hasMessage("Cannot terminate TLS at proxy \"nowhere\": proxy not found. Create it first.");
    }

    @Test
    void a_key_that_is_none_is_told() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
        assertThatThrownBy(() -> Tls.of(folder.resolve("cert.pem"), empty, Tls.ToServer.PLAIN))
                .hasMessage("Cannot read key " + empty + ": it has no PRIVATE KEY in PEM."
                        + " Convert it with \"openssl pkcs8 -topk8 -nocrypt\".");
        assertThatThrownBy(() -> Tls.of(empty, folder.resolve("key.pem"), Tls.ToServer.PLAIN))
                .hasMessageStartingWith("Cannot use certificate " + empty);
    }

    private String create(String name, String upstream) throws IOException {
        var created = control.proxies().create(name, "127.0.0.1:0", upstream);
        control.watch(name);
        return "127.0.0.1:" + created.listenAddress().getPort();
    }

    private Tls tls(Tls.ToServer toServer) throws IOException {
        return Tls.of(folder.resolve("cert.pem"), folder.resolve("key.pem"), toServer);
    }

    /** Made by the JDK's own tool. */
    private void certificate() throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "proxy",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        Key key = Objects.requireNonNull(store.getKey("proxy", PASSWORD.toCharArray()));
        pem("key.pem", "PRIVATE KEY", key.getEncoded());
        pem("cert.pem", "CERTIFICATE", store.getCertificate("proxy").getEncoded());
    }

    private void pem(String name, String label, byte[] bytes) throws IOException {
        assertThat(Files.writeString(
                        folder.resolve(name),
                        "-----BEGIN " + label + "-----\n"
                                + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + label + "-----\n"))
                .exists();
    }

    private static int answer(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 42")) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }

    private Connection through(String name, String sslMode) throws SQLException, IOException {
        int port = control.proxies().proxy(name).listenAddress().getPort();
        return TestServer.connect(port, "&sslmode=" + sslMode + "&socketTimeout=20&loginTimeout=20");
    }
}

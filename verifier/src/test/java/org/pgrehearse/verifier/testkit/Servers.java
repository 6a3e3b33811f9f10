package org.pgrehearse.verifier.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Servers of several majors, each started when first asked for and shared by all tests of a run. */
public final class Servers implements BeforeAllCallback, ParameterResolver {
    private static final String JARS = "pgrehearse.postgres.jars";

    /** What tests receive. */
    public static final class Running implements AutoCloseable {
        private final Map<Integer, EmbeddedPostgres> byMajor = new ConcurrentHashMap<>();

        /** A new, empty database on the server of this major. */
        public Database database(int major) {
            return Database.create(port(major), "");
        }

        /** A new, empty database that stores text in this encoding. */
        public Database database(int major, String encoding) {
            return Database.create(
                    port(major), " TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING '" + encoding + "'");
        }

        private int port(int major) {
            return byMajor.computeIfAbsent(major, Running::start).getPort();
        }

        private static EmbeddedPostgres start(int major) {
            try {
                return EmbeddedPostgres.builder()
                        .setPgBinaryResolver((system, hardware) -> binaries(major))
                        .setServerConfig("max_connections", "60")
                        .setServerConfig("wal_level", "logical")
                        // Its transactions would come between two snapshots that a test wants to see the same.
                        .setServerConfig("autovacuum", "off")
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setPGStartupWait(Duration.ofMinutes(1))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        static InputStream binaries(int major) throws IOException {
            Path folder = Path.of(Objects.requireNonNull(System.getProperty(JARS), "run through Maven"));
            try (Stream<Path> jars = Files.list(folder)) {
                Path jar = jars.filter(path -> path.getFileName().toString().contains("-amd64-" + major + "."))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no binaries of major " + major + " in " + folder));
                return URI.create("jar:" + jar.toUri() + "!/postgres-linux-x86_64.txz")
                        .toURL()
                        .openStream();
            }
        }

        @Override
        public void close() throws IOException {
            for (EmbeddedPostgres server : byMajor.values()) {
                server.close();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Running.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context);
    }

    private static Running running(ExtensionContext context) {
        return Objects.requireNonNull(context.getRoot()
                .getStore(Namespace.create(Servers.class))
                .getOrComputeIfAbsent(Running.class, key -> new Running(), Running.class));
    }
}

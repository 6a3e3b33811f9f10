package org.pgrehearse.verifier.endpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.pgrehearse.verifier.InvalidInputException;

/**
 * What psql's {@code -d} takes: a URI, a {@code key=value} string, or the name of a database. What it leaves open comes
 * from the service, then from the environment, then from the password file and the defaults, as with libpq. Without any
 * host it means {@code localhost}, because Unix sockets are not supported.
 */
public final class ConnectionString {
    private static final int PORT_DEFAULT = 5432;
    private static final int PORT_MAX = 65535;

    private static final Map<String, String> VARIABLES = Map.ofEntries(
            Map.entry("PGHOST", "host"),
            Map.entry("PGHOSTADDR", "hostaddr"),
            Map.entry("PGPORT", "port"),
            Map.entry("PGDATABASE", "dbname"),
            Map.entry("PGUSER", "user"),
            Map.entry("PGPASSWORD", "password"),
            Map.entry("PGPASSFILE", "passfile"),
            Map.entry("PGSERVICE", "service"),
            Map.entry("PGOPTIONS", "options"),
            Map.entry("PGAPPNAME", "application_name"),
            Map.entry("PGCONNECT_TIMEOUT", "connect_timeout"),
            Map.entry("PGSSLMODE", "sslmode"),
            Map.entry("PGSSLNEGOTIATION", "sslnegotiation"),
            Map.entry("PGSSLCERT", "sslcert"),
            Map.entry("PGSSLKEY", "sslkey"),
            Map.entry("PGSSLROOTCERT", "sslrootcert"),
            Map.entry("PGCHANNELBINDING", "channel_binding"),
            Map.entry("PGREQUIREAUTH", "require_auth"),
            Map.entry("PGGSSENCMODE", "gssencmode"),
            Map.entry("PGKRBSRVNAME", "krbsrvname"),
            Map.entry("PGTARGETSESSIONATTRS", "target_session_attrs"),
            Map.entry("PGLOADBALANCEHOSTS", "load_balance_hosts"));

    private ConnectionString() {}

    /**
     * The endpoint that a connection string means in these surroundings.
     *
     * @throws InvalidInputException when it cannot be understood
     */
    public static Endpoint parse(String text, Surroundings surroundings) {
        Map<String, String> options = new HashMap<>(explicit(text.strip()));
        Optional.ofNullable(options.getOrDefault(
                        "service", surroundings.environment().get("PGSERVICE")))
                .filter(service -> !service.isEmpty())
                .ifPresent(service -> ServiceFile.options(service, surroundings)
                        .forEach((key, value) -> options.putIfAbsent(key, value)));
        VARIABLES.forEach((variable, key) -> {
            String value = surroundings.environment().get(variable);
            if (value != null && !value.isEmpty()) {
                options.putIfAbsent(key, value);
            }
        });
        return endpoint(options, surroundings);
    }

    private static Map<String, String> explicit(String text) {
        if (UriReader.looksLikeUri(text)) {
            return UriReader.read(text);
        }
        if (text.contains("=")) {
            return ConninfoReader.read(text);
        }
        if (text.contains("://")) {
            throw new InvalidInputException(
                    "Cannot read the connection URI: it begins neither with postgresql:// nor with postgres://."
                            + " Write postgresql://user@host:port/database.");
        }
        return text.isEmpty() ? Map.of() : Map.of("dbname", text);
    }

    private static Endpoint endpoint(Map<String, String> options, Surroundings surroundings) {
        Properties properties = DriverProperties.of(options);
        if (!options.containsKey("application_name") && options.containsKey("fallback_application_name")) {
            properties.setProperty("ApplicationName", options.get("fallback_application_name"));
        }
        List<HostPort> servers = servers(options);
        String user = options.getOrDefault("user", surroundings.user());
        String database = options.getOrDefault("dbname", user);
        List<String> warnings = new ArrayList<>();
        Optional<Secret> password = Optional.ofNullable(options.get("password")).map(Secret::new);
        if (password.isEmpty()) {
            Path file = Optional.ofNullable(options.get("passfile"))
                    .map(Path::of)
                    .orElseGet(() -> surroundings.home().resolve(".pgpass"));
            password = servers.stream()
                    .flatMap(server -> PasswordFile.find(file, server, database, user, warnings).stream())
                    .findFirst();
        }
        return new Endpoint(
                servers,
                database,
                user,
                password,
                properties,
                warnings.stream().distinct().toList());
    }

    private static List<HostPort> servers(Map<String, String> options) {
        List<String> hosts = list(options.getOrDefault("hostaddr", options.getOrDefault("host", "")));
        List<String> ports = list(options.getOrDefault("port", ""));
        if (ports.size() > 1 && ports.size() != hosts.size()) {
            throw new InvalidInputException("Cannot match " + ports.size() + " ports to " + hosts.size()
                    + " hosts. Write one port for all hosts or one for each.");
        }
        List<HostPort> servers = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            String host = hosts.get(i).isEmpty() ? "localhost" : hosts.get(i);
            if (host.startsWith("/") || host.startsWith("@")) {
                throw new InvalidInputException("Cannot connect through the Unix socket " + host
                        + ": only TCP is supported. Write the server's host name and port, such as localhost:5432.");
            }
            if (host.matches(".*[/?#\\s@].*")) {
                throw new InvalidInputException("Cannot use \"" + host + "\" as a host name. Correct it.");
            }
            servers.add(new HostPort(host, port(ports.size() == 1 ? ports.getFirst() : ports.get(i))));
        }
        return servers;
    }

    private static List<String> list(String commaSeparated) {
        return List.of(commaSeparated.split(",", -1));
    }

    private static int port(String text) {
        int port = text.isEmpty() ? PORT_DEFAULT : number("port", text);
        if (port < 1 || port > PORT_MAX) {
            throw new InvalidInputException("Cannot use port " + text + ": it is not between 1 and 65535. Correct it.");
        }
        return port;
    }

    static int number(String key, String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    "Cannot use \"" + text + "\" as " + key + ": it is not a whole number. Correct it.");
        }
    }
}

package org.pgrehearse.verifier.endpoint;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.pgrehearse.verifier.InvalidInputException;

/** The driver's names for libpq's options. What the driver cannot honor and matters for safety is refused. */
final class DriverProperties {
    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("application_name", "ApplicationName"),
            Map.entry("channel_binding", "channelBinding"),
            Map.entry("connect_timeout", "connectTimeout"),
            Map.entry("gssencmode", "gssEncMode"),
            Map.entry("gsslib", "gsslib"),
            Map.entry("krbsrvname", "kerberosServerName"),
            Map.entry("load_balance_hosts", "loadBalanceHosts"),
            Map.entry("options", "options"),
            Map.entry("require_auth", "requireAuth"),
            Map.entry("sslcert", "sslcert"),
            Map.entry("sslkey", "sslkey"),
            Map.entry("sslmode", "sslmode"),
            Map.entry("sslnegotiation", "sslNegotiation"),
            Map.entry("sslpassword", "sslpassword"),
            Map.entry("sslrootcert", "sslrootcert"),
            Map.entry("target_session_attrs", "targetServerType"));

    private static final Map<String, List<String>> CHOICES = Map.of(
            "channel_binding", List.of("disable", "prefer", "require"),
            "gssencmode", List.of("disable", "prefer", "require"),
            "load_balance_hosts", List.of("disable", "random"),
            "sslmode", List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
            "sslnegotiation", List.of("postgres", "direct"),
            "target_session_attrs", List.of("any", "read-write", "read-only", "primary", "standby", "prefer-standby"));

    private static final Set<String> USED_ELSEWHERE = Set.of(
            "host",
            "hostaddr",
            "port",
            "dbname",
            "user",
            "password",
            "passfile",
            "service",
            "fallback_application_name",
            "client_encoding");

    /** They tune the client's socket or its logging; the driver decides these for itself. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "keepalives",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "tcp_user_timeout",
            "sslcompression",
            "sslsni",
            "gssdelegation");

    private DriverProperties() {}

    static Properties of(Map<String, String> options) {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "pgrehearse");
        properties.setProperty("tcpKeepAlive", "true");
        options.forEach((key, value) -> {
            String name = RENAMED.get(key);
            if (name != null) {
                properties.setProperty(name, value(key, value));
            } else if (!USED_ELSEWHERE.contains(key) && !WITHOUT_EFFECT.contains(key)) {
                throw new InvalidInputException("Cannot use the connection option \"" + key
                        + "\": it is not known or not supported. Remove it.");
            }
        });
        return properties;
    }

    private static String value(String key, String value) {
        List<String> choices = CHOICES.get(key);
        if (choices != null && !choices.contains(value)) {
            throw new InvalidInputException("Cannot use \"" + value + "\" as " + key + ": it is none of "
                    + String.join(", ", choices) + ". Write one of these.");
        }
        return switch (key) {
            case "connect_timeout" -> Integer.toString(Math.max(0, ConnectionString.number(key, value)));
            case "load_balance_hosts" -> Boolean.toString(value.equals("random"));
            case "target_session_attrs" ->
                switch (value) {
                    case "read-write", "primary" -> "primary";
                    case "read-only", "standby" -> "secondary";
                    case "prefer-standby" -> "preferSecondary";
                    default -> value;
                };
            default -> value;
        };
    }
}

package org.pgrehearse.scenarios.external;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.endpoint.ConnectionString;
import org.pgrehearse.verifier.endpoint.Endpoint;
import org.pgrehearse.verifier.endpoint.Surroundings;

/** Turns the connection strings of a scenario into endpoints. */
final class Connections {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private Connections() {}

    /**
     * The endpoint that a connection string means here, its variables filled in.
     *
     * @param key where it stands in the environment, for messages
     * @throws EnvironmentException when a variable is not set or the string cannot be understood
     */
    static Endpoint resolve(String key, String text, Surroundings surroundings) {
        Endpoint endpoint;
        try {
            endpoint = ConnectionString.parse(filled(key, text, surroundings), surroundings);
        } catch (InvalidInputException e) {
            throw new EnvironmentException("Cannot read environment." + key + ": " + e.getMessage(), e);
        }
        if (endpoint.servers().size() != 1) {
            throw new EnvironmentException("Cannot rehearse on environment." + key + " with "
                    + endpoint.servers().size() + " addresses: a rehearsal must know which server it is. Name one.");
        }
        if (endpoint.setting("sslmode").filter("verify-full"::equals).isPresent()) {
            throw new EnvironmentException("Cannot rehearse on environment." + key + " with sslmode=verify-full: users"
                    + " connect through a fault proxy, which has another name than the server. Write verify-ca.");
        }
        return endpoint;
    }

    private static String filled(String key, String text, Surroundings surroundings) {
        boolean uri = text.contains("://");
        Matcher variables = VARIABLE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (variables.find()) {
            String value = surroundings.environment().get(variables.group(1));
            if (value == null) {
                throw new EnvironmentException("Cannot read environment." + key + ": the variable " + variables.group(1)
                        + " is not set. Set it and run again.");
            }
            variables.appendReplacement(filled, Matcher.quoteReplacement(uri ? encoded(value) : quoted(value)));
        }
        return variables.appendTail(filled).toString();
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** As libpq reads a value of a conninfo string back. */
    static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}

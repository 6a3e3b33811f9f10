package org.pgrehearse.scenarios.topology;

import java.util.Map;

/**
 * As whom an application connects.
 *
 * @param role the database role
 * @param password empty where the server trusts the role
 * @param driverProperties settings of pgjdbc that win over this tool's own, such as {@code sslmode}
 */
public record Login(String role, Secret password, Map<String, String> driverProperties) {
    public Login {
        if (role.isBlank()) {
            throw new IllegalArgumentException("Cannot log in without a role.");
        }
        driverProperties = Map.copyOf(driverProperties);
    }

    /** A role that needs no password. */
    public static Login trusted(String role) {
        return new Login(role, Secret.of(""), Map.of());
    }
}

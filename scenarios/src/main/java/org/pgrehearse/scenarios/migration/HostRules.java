package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * A server's pg_hba.conf as it was before roles were rejected in it. It is read and written by the server itself, so
 * that it may be on another machine.
 *
 * @param file as the server names it
 * @param text what it held
 */
record HostRules(String file, String text) {
    /** Rejects the roles ahead of every other rule, and returns what was there. */
    static HostRules reject(Connection admin, List<String> roles) throws SQLException {
        String file = Sql.value(admin, "SHOW hba_file").orElseThrow();
        HostRules before = new HostRules(
                file, Sql.value(admin, "SELECT pg_read_file(?)", file).orElse(""));
        StringBuilder rules = new StringBuilder();
        for (String role : roles) {
            String name = Sql.identifier(role);
            rules.append("local all ").append(name).append(" reject\n");
            rules.append("host all ").append(name).append(" all reject\n");
        }
        write(admin, file, rules + before.text);
        return before;
    }

    /** Puts back what was there. */
    void putBack(Connection admin) throws SQLException {
        write(admin, file, text);
    }

    /** One value in CSV with control characters for marks comes out as it is. */
    private static void write(Connection admin, String file, String text) throws SQLException {
        String stripped = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        Sql.run(
                admin,
                "COPY (SELECT nullif(line, '') FROM unnest(string_to_array(" + Sql.literal(stripped)
                        + ", E'\\n')) line) TO "
                        + Sql.literal(file)
                        + " (FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01', ESCAPE E'\\x01')",
                "SELECT pg_reload_conf()");
        String wrong = Sql.value(admin, "SELECT string_agg(error, ', ') FROM pg_hba_file_rules WHERE error IS NOT NULL")
                .orElse("");
        if (!wrong.isEmpty()) {
            throw new SQLException("Cannot change " + file + ": the server would not read it (" + wrong + ").");
        }
    }
}

package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.pgrehearse.scenarios.spec.Scenario.LoadSpec;
import org.pgrehearse.scenarios.spec.Scenario.ScriptSpec;
import org.pgrehearse.scenarios.workload.Builtin;

/** The tables that the scripts of a load use beside the shop's: those of builtins, and the user's own. */
final class LoadTables {
    private static final String TABLES = """
            SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND c.relpersistence = 'p'
              AND n.nspname NOT IN ('shop', 'pgrehearse', 'pg_catalog', 'information_schema')
              AND n.nspname NOT LIKE 'pg\\_%'
            ORDER BY 1
            """;
    private static final String GRANTS = """
            DO $$ DECLARE each text; BEGIN
                FOR each IN SELECT quote_ident(nspname) FROM pg_namespace
                    WHERE nspname NOT IN ('shop', 'pgrehearse', 'information_schema') AND nspname NOT LIKE 'pg\\_%'
                LOOP
                    EXECUTE 'GRANT USAGE ON SCHEMA ' || each || ' TO PUBLIC';
                    EXECUTE 'GRANT ALL ON ALL TABLES IN SCHEMA ' || each || ' TO PUBLIC';
                    EXECUTE 'GRANT ALL ON ALL SEQUENCES IN SCHEMA ' || each || ' TO PUBLIC';
                END LOOP;
            END $$
            """;

    private final LoadSpec load;

    LoadTables(LoadSpec load) {
        this.load = load;
    }

    /** Creates them, empty, with every right for every role. */
    void create(Connection connection) throws SQLException {
        for (Builtin builtin : builtins()) {
            execute(connection, builtin.schema());
        }
        execute(connection, load.setup().schema());
        if (present()) {
            execute(connection, GRANTS);
        }
    }

    /** Fills them. */
    void fill(Connection connection) throws SQLException {
        for (Builtin builtin : builtins()) {
            execute(connection, builtin.data(load.scale()));
        }
        execute(connection, load.setup().data());
        if (present()) {
            execute(connection, "ANALYZE");
        }
    }

    /** Their qualified names, as the connected server has them. */
    List<String> names(Connection connection) throws SQLException {
        if (!present()) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Whether there are none beside the shop's. */
    boolean none() {
        return !present() && load.setup().data().isEmpty();
    }

    private boolean present() {
        return !builtins().isEmpty() || !load.setup().schema().isEmpty();
    }

    private List<Builtin> builtins() {
        return load.scripts().stream()
                .map(ScriptSpec::builtin)
                .flatMap(name -> Builtin.named(name).stream())
                .filter(builtin -> builtin != Builtin.SHOP)
                .distinct()
                .toList();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        if (!sql.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(sql);
            }
        }
    }
}

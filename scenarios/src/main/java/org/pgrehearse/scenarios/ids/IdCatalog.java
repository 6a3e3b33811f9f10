package org.pgrehearse.scenarios.ids;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which columns and sequences of a database hold the same ids: a column, the sequence that feeds it, and the columns
 * that reference it by foreign keys, and so on. Never changes once it is read.
 */
public final class IdCatalog {
    private static final int ROWS_MAX = 200_000;
    private static final String LIMIT = "LIMIT " + ROWS_MAX;

    private static final String COLUMNS = """
        SELECT n.nspname, c.relname, a.attname, a.atthasdef OR a.attidentity <> ''
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
          AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        ORDER BY c.oid, a.attnum
        """ + LIMIT;
    private static final String FOREIGN_KEYS = """
        SELECT n.nspname || '.' || c.relname || '.' || a.attname,
            fn.nspname || '.' || fc.relname || '.' || fa.attname
        FROM pg_constraint k CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair (mine, theirs)
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class fc ON fc.oid = k.confrelid JOIN pg_namespace fn ON fn.oid = fc.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = pair.mine
        JOIN pg_attribute fa ON fa.attrelid = fc.oid AND fa.attnum = pair.theirs
        WHERE k.contype = 'f'
        """ + LIMIT;
    /** By a default that draws from it, or as its owner: serial and identity columns are both. */
    private static final String SEQUENCES = """
        SELECT n.nspname || '.' || c.relname || '.' || a.attname, sn.nspname || '.' || s.relname
        FROM pg_class s JOIN pg_namespace sn ON sn.oid = s.relnamespace
        JOIN pg_depend d ON (d.classid = 'pg_class'::regclass AND d.objid = s.oid
            AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i'))
          OR (d.classid = 'pg_attrdef'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = s.oid)
        LEFT JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
        JOIN pg_attribute a ON a.attrelid = coalesce(f.adrelid, d.refobjid)
          AND a.attnum = coalesce(f.adnum, d.refobjsubid)
        JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE s.relkind = 'S'
        """ + LIMIT;

    private final Map<String, List<String>> columnsOf = new HashMap<>();
    private final Map<String, Set<String>> qualified = new HashMap<>();
    private final Set<String> withDefault = new TreeSet<>();
    private final Set<String> withSequence = new TreeSet<>();
    private final Map<String, String> above = new HashMap<>();

    /** One that knows nothing yet. */
    IdCatalog() {}

    /** Reads the tables and columns of a database, each of which then holds ids of its own. */
    static IdCatalog columns(Connection connection) throws SQLException {
        IdCatalog catalog = new IdCatalog();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COLUMNS)) {
            while (row.next()) {
                catalog.column(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4));
            }
        }
        return catalog;
    }

    /** Reads the catalog of a database. */
    public static IdCatalog read(Connection connection) throws SQLException {
        IdCatalog catalog = columns(connection);
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(FOREIGN_KEYS)) {
                while (row.next()) {
                    catalog.join(row.getString(1), row.getString(2));
                }
            }
            try (ResultSet row = statement.executeQuery(SEQUENCES)) {
                while (row.next()) {
                    catalog.sequence(row.getString(1), row.getString(2));
                }
            }
        }
        return catalog;
    }

    void column(String schema, String table, String column, boolean hasDefault) {
        String name = schema + "." + table;
        columnsOf.computeIfAbsent(name, key -> new ArrayList<>()).add(column);
        name(schema, table);
        if (hasDefault) {
            withDefault.add(name + "." + column);
        }
    }

    private void name(String schema, String relation) {
        qualified.computeIfAbsent(relation, key -> new TreeSet<>()).add(schema + "." + relation);
    }

    void sequence(String column, String sequence) {
        int dot = sequence.indexOf('.');
        name(sequence.substring(0, dot), sequence.substring(dot + 1));
        withSequence.add(column);
        join(column, sequence);
    }

    void join(String one, String other) {
        String first = root(one);
        String second = root(other);
        if (!first.equals(second)) {
            above.put(first, second);
        }
    }

    private String root(String name) {
        String at = name;
        for (String next = above.get(at); next != null; next = above.get(at)) {
            at = next;
        }
        return at;
    }

    /** A relation as a statement names it: with its schema, or in {@code public}, or in the only schema that has it. */
    Optional<String> relation(String name) {
        if (name.contains(".")) {
            String bare = name.substring(name.indexOf('.') + 1);
            return qualified.getOrDefault(bare, Set.of()).contains(name) ? Optional.of(name) : Optional.empty();
        }
        Set<String> candidates = qualified.getOrDefault(name, Set.of());
        return candidates.contains("public." + name)
                ? Optional.of("public." + name)
                : candidates.size() == 1 ? candidates.stream().findFirst() : Optional.empty();
    }

    /** The columns of a table in their order; none when it is not known. */
    List<String> columns(String table) {
        return columnsOf.getOrDefault(table, List.of());
    }

    /** Whether the server gives a value when a statement gives none. */
    boolean generates(String table, String column) {
        return withDefault.contains(table + "." + column);
    }

    /** The ids that a column or sequence holds, by the name of one that holds them too. */
    String ids(String columnOrSequence) {
        return root(columnOrSequence);
    }

    /** The first column of a table that a sequence feeds. */
    Optional<String> fedColumn(String table) {
        return columns(table).stream()
                .filter(column -> withSequence.contains(table + "." + column))
                .findFirst();
    }
}

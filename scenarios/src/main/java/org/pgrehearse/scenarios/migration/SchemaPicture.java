package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.pgrehearse.scenarios.environment.Server;

/**
 * What the schema of a database was at a moment.
 *
 * @param objects every relation, column and constraint outside system schemas, each as one line
 * @param files each table or materialized view with the file that it lies in; a rewrite gives it another
 * @param invalid every index that is not valid and is not being built now
 */
record SchemaPicture(Set<String> objects, Set<String> files, Set<String> invalid) {
    private static final int CHANGES_MAX = 20;
    private static final String OURS = " NOT IN ('pg_catalog', 'information_schema', 'pg_toast')";
    private static final String OBJECTS = "SELECT CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table'"
            + " WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' ELSE 'index' END"
            + " || ' ' || c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'i', 'I') AND n.nspname" + OURS
            + " UNION ALL SELECT 'column ' || c.oid::regclass || '.' || quote_ident(a.attname) || ' '"
            + " || format_type(a.atttypid, a.atttypmod) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END"
            + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname" + OURS
            + " UNION ALL SELECT 'constraint ' || quote_ident(k.conname) || ' on ' || k.conrelid::regclass"
            + " || CASE WHEN k.convalidated THEN '' ELSE ' NOT VALID' END"
            + " FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace"
            + " WHERE k.conrelid <> 0 AND n.nspname" + OURS;
    private static final String FILES = "SELECT c.oid || ' ' || pg_relation_filenode(c.oid) || ' ' || c.oid::regclass"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " WHERE c.relkind IN ('r', 'm') AND n.nspname" + OURS;
    private static final String INVALID =
            "SELECT indexrelid::regclass::text FROM pg_index i WHERE NOT indisvalid AND NOT EXISTS"
                    + " (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)";

    SchemaPicture {
        objects = Set.copyOf(objects);
        files = Set.copyOf(files);
        invalid = Set.copyOf(invalid);
    }

    /** The schema now. */
    static SchemaPicture of(Server server) throws SQLException {
        try (Connection connection = server.admin()) {
            return of(connection);
        }
    }

    /** The schema as a connection sees it, with what its own transaction has not committed. */
    static SchemaPicture of(Connection connection) throws SQLException {
        return new SchemaPicture(
                new HashSet<>(Sql.values(connection, OBJECTS)),
                new HashSet<>(Sql.values(connection, FILES)),
                new HashSet<>(Sql.values(connection, INVALID)));
    }

    /** The same without what belongs to tables whose names hold a text. */
    SchemaPicture without(String name) {
        return new SchemaPicture(without(objects, name), without(files, name), without(invalid, name));
    }

    private static Set<String> without(Set<String> lines, String name) {
        return lines.stream().filter(line -> !line.contains(name)).collect(Collectors.toSet());
    }

    /** {@link #since} in one line, shortened; empty when nothing changed. */
    String told(SchemaPicture before) {
        List<String> changes = since(before);
        String shown = changes.stream().limit(CHANGES_MAX).collect(Collectors.joining(", "));
        return changes.size() <= CHANGES_MAX ? shown : shown + " and " + (changes.size() - CHANGES_MAX) + " more";
    }

    /** What came, went, was rewritten or is invalid since another moment, in order. */
    List<String> since(SchemaPicture before) {
        List<String> changes = new ArrayList<>();
        new TreeSet<>(objects)
                .stream()
                        .filter(object -> !before.objects.contains(object))
                        .forEach(object -> changes.add("+ " + object));
        new TreeSet<>(before.objects)
                .stream().filter(object -> !objects.contains(object)).forEach(object -> changes.add("- " + object));
        rewritten(before).forEach(table -> changes.add("rewrote " + table));
        new TreeSet<>(invalid)
                .stream()
                        .filter(index -> !before.invalid.contains(index))
                        .forEach(index -> changes.add("INVALID index " + index));
        return changes;
    }

    /** Tables that were there before and lie in another file now. */
    private Set<String> rewritten(SchemaPicture before) {
        Set<String> known = new HashSet<>();
        before.files.forEach(line -> known.add(line.substring(0, line.indexOf(' '))));
        Set<String> tables = new TreeSet<>();
        for (String line : files) {
            if (!before.files.contains(line) && known.contains(line.substring(0, line.indexOf(' ')))) {
                String[] parts = line.split(" ", 3);
                if (before.files.stream().noneMatch(old -> old.startsWith(parts[0] + " " + parts[1] + " "))) {
                    tables.add(parts[2]);
                }
            }
        }
        return tables;
    }
}

package org.pgrehearse.verifier.catalog;

import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.RowReader;
import org.pgrehearse.verifier.snapshot.Session;

/** Reads a database's catalogue: everything outside system schemas that no extension owns and that is not temporary. */
public final class CatalogReader {
    private static final String USER_RELATION = """
            c.relpersistence <> 't'
              AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_)'
              AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass
                              AND e.objid = c.oid AND e.deptype = 'e')
            """;

    private static final String TABLES = """
            SELECT c.oid, n.nspname, c.relname, c.relkind = 'p', greatest(c.relpages, 0)::int8
              + coalesce((SELECT sum(greatest(p.relpages, 0)) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid
                          WHERE i.inhparent = c.oid AND c.relkind = 'p'), 0)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND %s
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """.formatted(USER_RELATION);

    private static final String COLUMNS = """
            SELECT c.oid, a.attname, format_type(a.atttypid, a.atttypmod), a.atttypid, a.atttypmod, a.attnotnull,
              {deterministic}
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
            LEFT JOIN pg_collation l ON l.oid = a.attcollation
            WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND %s
            ORDER BY c.oid, a.attnum
            """.formatted(USER_RELATION);

    private static final String KEYS = """
            SELECT i.indrelid, array_agg(a.attname::text ORDER BY k.position)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, position)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
            WHERE i.indisunique AND i.indisvalid AND i.indisready AND i.indimmediate AND i.indpred IS NULL
              AND i.indexprs IS NULL AND k.position <= i.indnkeyatts
              AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND %s
            GROUP BY i.indrelid, i.indexrelid, i.indisprimary
            HAVING bool_and(a.attnotnull)
            ORDER BY i.indrelid, i.indisprimary DESC, count(*), min(a.attnum), i.indexrelid
            """.formatted(USER_RELATION);

    private static final int FIRST_WITH_NONDETERMINISTIC_COLLATIONS = 12;

    private CatalogReader() {}

    /** The catalogue as this session's snapshot shows it. */
    public static Catalog read(Session session, int serverMajor) throws ReadFailedException {
        TypeReader types = TypeReader.read(session);
        Map<Long, List<Column>> columns = columns(session, types, serverMajor);
        Map<Long, List<List<String>>> keys = grouped(session, KEYS, row -> strings(row.getArray(2)));
        Map<Long, List<Rule>> rules = RuleReader.read(session);
        List<Table> tables = session.list(
                TABLES,
                row -> new Table(
                        new TableName(row.getString(2), row.getString(3)),
                        row.getLong(1),
                        row.getBoolean(4),
                        row.getLong(5),
                        columns.getOrDefault(row.getLong(1), List.of()),
                        keys.getOrDefault(row.getLong(1), List.of()),
                        rules.getOrDefault(row.getLong(1), List.of())));
        return new Catalog(tables, SequenceReader.read(session, USER_RELATION));
    }

    private static Map<Long, List<Column>> columns(Session session, TypeReader types, int serverMajor)
            throws ReadFailedException {
        String deterministic =
                serverMajor < FIRST_WITH_NONDETERMINISTIC_COLLATIONS ? "true" : "coalesce(l.collisdeterministic, true)";
        return grouped(
                session,
                COLUMNS.replace("{deterministic}", deterministic),
                row -> new Column(
                        row.getString(2),
                        types.columnType(row.getString(3), row.getLong(4), row.getInt(5), row.getBoolean(7)),
                        row.getBoolean(6)));
    }

    static <T> Map<Long, List<T>> grouped(Session session, String sql, RowReader<T> reader) throws ReadFailedException {
        Map<Long, List<T>> groups = new HashMap<>();
        session.list(sql, row -> Map.entry(row.getLong(1), reader.read(row)))
                .forEach(entry -> groups.computeIfAbsent(entry.getKey(), oid -> new ArrayList<>())
                        .add(entry.getValue()));
        return groups;
    }

    private static List<String> strings(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}

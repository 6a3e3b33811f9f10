package org.pgrehearse.verifier.catalog;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/** The types of a database, with domains resolved to what they hold. */
final class TypeReader {
    private static final int DOMAINS_NESTED_MAX = 64;

    /** The boxes of PostGIS print 15 digits; as geometry, they are their bytes. */
    private static final String ROUNDED = "t.typname IN ('box2d', 'box3d')";

    private static final String SQL = """
            SELECT t.oid, n.nspname, t.typname, t.typtype, t.typcategory, t.typelem, t.typbasetype, t.typtypmod,
              EXISTS (SELECT FROM pg_cast k JOIN pg_proc f ON f.oid = k.castfunc
                      WHERE k.castsource = t.oid AND k.casttarget = 'text'::regtype
                        AND f.pronamespace <> 'pg_catalog'::regnamespace),
              coalesce((SELECT quote_ident(n.nspname) || '.geometry'
                        FROM pg_cast k JOIN pg_type g ON g.oid = k.casttarget
                        WHERE k.castsource = t.oid AND %s AND g.typname = 'geometry'
                          AND g.typnamespace = t.typnamespace), '')
            FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
            """.formatted(ROUNDED);

    private final Map<Long, Type> types;

    private TypeReader(Map<Long, Type> types) {
        this.types = types;
    }

    private record Type(
            String schema,
            String name,
            char kind,
            char category,
            long element,
            long base,
            int modifier,
            boolean ownCast,
            String finer) {
        boolean builtIn() {
            return schema.equals("pg_catalog") && (kind == 'b' || kind == 'r' || kind == 'm');
        }

        boolean isArray() {
            return category == 'A' && element != 0 && name.startsWith("_");
        }

        String qualified() {
            return schema.equals("pg_catalog") ? name : schema + "." + name;
        }
    }

    static TypeReader read(Session session) throws ReadFailedException {
        Map<Long, Type> types = new HashMap<>();
        session.list(
                        SQL,
                        row -> Map.entry(
                                row.getLong(1),
                                new Type(
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4).charAt(0),
                                        row.getString(5).charAt(0),
                                        row.getLong(6),
                                        row.getLong(7),
                                        row.getInt(8),
                                        row.getBoolean(9),
                                        row.getString(10))))
                .forEach(entry -> types.put(entry.getKey(), entry.getValue()));
        return new TypeReader(types);
    }

    ColumnType columnType(String declared, long oid, int modifier, boolean deterministic) {
        Type type = type(oid);
        int mod = modifier;
        for (int i = 0; type.kind() == 'd' && i < DOMAINS_NESTED_MAX; i++) {
            mod = type.modifier() != -1 ? type.modifier() : mod;
            type = type(type.base());
        }
        boolean array = type.isArray();
        Type base = array ? type(type.element()) : type;
        return new ColumnType(
                declared, base.qualified(), array, mod, base.builtIn(), deterministic, type.ownCast(), base.finer());
    }

    /** The type that an expression over the columns of a table has; the server parses it and reads no row. */
    static ColumnType ofExpression(Session session, Table table, String expression) throws ReadFailedException {
        String sql = "SELECT o, format_type(o, NULL) FROM (SELECT pg_typeof((SELECT (" + expression + "\n) FROM "
                + table.stored() + " LIMIT 0))::oid AS o) q";
        return read(session)
                .columnType(
                        session.first(sql, row -> row.getString(2)).orElseThrow(),
                        session.first(sql, row -> row.getLong(1)).orElseThrow(),
                        -1,
                        true);
    }

    private Type type(long oid) {
        return Objects.requireNonNull(types.get(oid), "a column's type is in pg_type");
    }
}

package org.pgrehearse.verifier.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/** Reads the sequences of a database and the columns that they feed by ownership or by default. */
final class SequenceReader {
    private static final String SEQUENCES = """
            SELECT c.oid, n.nspname, c.relname, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle,
              has_schema_privilege(n.oid, 'USAGE') AND has_sequence_privilege(c.oid, 'SELECT'),
              format_type(s.seqtypid, NULL), s.seqstart, s.seqcache
            FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {user relation}
            ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """;

    /** A serial column is owned and has the default; an identity column depends internally and has none. */
    private static final String FEEDS = """
            SELECT f.sequence, n.nspname, c.relname, a.attname, c.relispartition,
              bool_or(f.identity OR pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\\(''.*''::regclass\\)(::[a-z ]+)?$')
                AND bool_and(coalesce(nullif(b.typbasetype, 0), nullif(t.typbasetype, 0), a.atttypid)
                  IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype))
            FROM (
              SELECT o.objid AS sequence, o.refobjid AS relation, o.refobjsubid AS number, o.deptype = 'i' AS identity
              FROM pg_depend o JOIN pg_class s ON s.oid = o.objid AND s.relkind = 'S'
              WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass
                AND o.refobjsubid > 0 AND o.deptype IN ('a', 'i')
              UNION
              SELECT u.refobjid, ad.adrelid, ad.adnum, false
              FROM pg_depend u JOIN pg_attrdef ad ON ad.oid = u.objid
              JOIN pg_class s ON s.oid = u.refobjid AND s.relkind = 'S'
              WHERE u.classid = 'pg_attrdef'::regclass AND u.refclassid = 'pg_class'::regclass
            ) f
            JOIN pg_class c ON c.oid = f.relation AND c.relkind IN ('r', 'p')
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.number
            JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype
            LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = f.number
            GROUP BY f.sequence, n.nspname, c.relname, a.attname, c.relispartition
            ORDER BY 2, 3, 4
            """;

    private SequenceReader() {}

    static List<Sequence> read(Session session, String userRelation) throws ReadFailedException {
        Map<Long, List<Sequence.Fed>> feeds = new HashMap<>();
        session.list(
                        FEEDS,
                        row -> Map.entry(
                                row.getLong(1),
                                new Sequence.Fed(
                                        new TableName(row.getString(2), row.getString(3)),
                                        row.getString(4),
                                        row.getBoolean(5),
                                        row.getBoolean(6))))
                .forEach(entry -> feeds.computeIfAbsent(entry.getKey(), oid -> new ArrayList<>())
                        .add(entry.getValue()));
        List<Sequence> sequences = session.list(
                SEQUENCES.replace("{user relation}", userRelation),
                row -> new Sequence(
                        new TableName(row.getString(2), row.getString(3)),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getBoolean(7),
                        row.getBoolean(8),
                        row.getString(9),
                        row.getLong(10),
                        row.getLong(11),
                        feeds.getOrDefault(row.getLong(1), List.of())));
        return FunctionFeeds.added(session, sequences);
    }
}

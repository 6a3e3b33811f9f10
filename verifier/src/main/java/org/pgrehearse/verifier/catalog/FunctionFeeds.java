package org.pgrehearse.verifier.catalog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/**
 * Finds the columns that take values from sequences through functions: by a default that calls one, or by a trigger
 * that assigns. The server keeps no record of what a function's body names, so the bodies are searched for
 * {@code nextval} with a literal name; names that are put together while a function runs are not found.
 */
final class FunctionFeeds {
    private static final String DEFAULTS = """
            SELECT DISTINCT n.nspname, c.relname, a.attname, c.relispartition, f.pronamespace::regnamespace::text,
              f.prosrc,
              a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
            FROM pg_attrdef d JOIN pg_depend u ON u.classid = 'pg_attrdef'::regclass AND u.objid = d.oid
            JOIN pg_proc f ON u.refclassid = 'pg_proc'::regclass AND f.oid = u.refobjid
            JOIN pg_class c ON c.oid = d.adrelid AND c.relkind IN ('r', 'p')
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
            WHERE f.prosrc ~* 'nextval'
            """;

    /** A name that is cast while the default is computed: written so by old versions of pg_dump. */
    private static final String LATE_BOUND = """
            SELECT n.nspname, c.relname, a.attname, c.relispartition, n.nspname, pg_get_expr(d.adbin, d.adrelid),
              a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
            FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid AND c.relkind IN ('r', 'p')
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum
            WHERE pg_get_expr(d.adbin, d.adrelid) ~* 'nextval\\(\\(''.*''::text\\)'
            """;

    private static final String TRIGGERS = """
            SELECT DISTINCT n.nspname, c.relname, a.attname, c.relispartition, f.pronamespace::regnamespace::text,
              f.prosrc,
              a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype)
            FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
            JOIN pg_class c ON c.oid = t.tgrelid AND c.relkind IN ('r', 'p')
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE NOT t.tgisinternal AND f.prosrc ~* 'nextval'
            """;

    private static final String CALL = "(?:pg_catalog\\s*\\.\\s*)?nextval\\s*\\(\\s*\\(?\\s*'([^']+)'"
            + "(?:\\s*::\\s*text\\s*\\))?(?:\\s*::\\s*regclass)?\\s*\\)";
    private static final Pattern ANY_CALL = Pattern.compile(CALL, Pattern.CASE_INSENSITIVE);
    private static final Pattern ONLY_CALL = Pattern.compile(
            "\\s*(?:begin\\s+)?(?:return|select)?\\s*" + CALL + "(?:\\s*::\\s*\\w+)?\\s*;?\\s*(?:end\\s*;?\\s*)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern ASSIGNMENT = Pattern.compile(
            "new\\s*\\.\\s*(\"[^\"]+\"|\\w+)\\s*:?=\\s*(?:coalesce\\s*\\(\\s*new\\s*\\.[^,]+,\\s*)?" + CALL
                    + "(\\s*\\)?\\s*;)?",
            Pattern.CASE_INSENSITIVE);

    private final List<Sequence> sequences;
    private final Map<TableName, List<Sequence.Fed>> found = new HashMap<>();

    private FunctionFeeds(List<Sequence> sequences) {
        this.sequences = sequences;
    }

    private record Body(
            TableName table, String column, boolean partition, String schema, String text, boolean number) {}

    /** The sequences with the columns that functions feed from them. */
    static List<Sequence> added(Session session, List<Sequence> sequences) throws ReadFailedException {
        FunctionFeeds feeds = new FunctionFeeds(sequences);
        read(session, DEFAULTS).forEach(feeds::defaulted);
        read(session, LATE_BOUND).forEach(feeds::defaulted);
        read(session, TRIGGERS).forEach(feeds::assigned);
        return sequences.stream()
                .map(sequence -> sequence.feeding(feeds.found.getOrDefault(sequence.name(), List.of())))
                .toList();
    }

    private static List<Body> read(Session session, String sql) throws ReadFailedException {
        return session.list(
                sql,
                row -> new Body(
                        new TableName(row.getString(1), row.getString(2)),
                        row.getString(3),
                        row.getBoolean(4),
                        row.getString(5),
                        row.getString(6),
                        row.getBoolean(7)));
    }

    /** Only a function that does nothing but hand the value on leaves it as it is. */
    private void defaulted(Body body) {
        boolean direct = body.number() && ONLY_CALL.matcher(body.text()).matches();
        Matcher calls = ANY_CALL.matcher(body.text());
        while (calls.find()) {
            add(body, calls.group(1), body.column(), direct);
        }
    }

    /** An assignment that ends with the call leaves the value as it is. */
    private void assigned(Body body) {
        Matcher assignments = ASSIGNMENT.matcher(body.text());
        while (assignments.find()) {
            String column = assignments.group(1);
            String name = column.startsWith("\"")
                    ? column.substring(1, column.length() - 1)
                    : column.toLowerCase(Locale.ROOT);
            if (name.equals(body.column())) {
                add(body, assignments.group(2), name, body.number() && assignments.group(3) != null);
            }
        }
    }

    private void add(Body body, String sequence, String column, boolean direct) {
        resolved(sequence, body.schema())
                .ifPresent(name -> found.computeIfAbsent(name, key -> new ArrayList<>())
                        .add(new Sequence.Fed(body.table(), column, body.partition(), direct)));
    }

    /** The sequence of this name: in the schema that it names, else in the function's own, else the only one. */
    private Optional<TableName> resolved(String text, String schema) {
        org.pgrehearse.verifier.catalog.Pattern pattern = org.pgrehearse.verifier.catalog.Pattern.of(text);
        List<TableName> names =
                sequences.stream().map(Sequence::name).filter(pattern::matches).toList();
        return names.stream()
                .filter(name -> name.schema().equals(schema))
                .findFirst()
                .or(() -> names.size() == 1 ? names.stream().findFirst() : Optional.empty());
    }
}

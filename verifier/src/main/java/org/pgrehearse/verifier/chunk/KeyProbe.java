package org.pgrehearse.verifier.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;
import org.pgrehearse.verifier.snapshot.Snapshot;
import org.pgrehearse.verifier.snapshot.Sql;

/**
 * Finds out whether the rows of a table lie in the order of their key on both sides, so that ranges of the key can be
 * read nearly as fast as the whole, and which keys cut it evenly. It fetches a few rows of evenly spread pages of the
 * source by their address, and looks up the pages of the same keys on the target: statistics are not needed, and a
 * freshly loaded table has none.
 */
public final class KeyProbe {
    /** Correlation of key and heap from which on both are taken to be in the same order. */
    public static final double CORRELATION_MIN = 0.95;

    private static final int PAGES_PER_CUT = 64;
    private static final int CUTS_MIN = 16;
    private static final int CUTS_MAX = 16_384;
    private static final int ROWS_TRIED_PER_PAGE = 4;
    private static final int KEYS_LOOKED_UP_MAX = 512;
    private static final int ROWS_LOOKED_UP_MAX = 5_000;
    private static final double OUT_OF_ORDER_MAX = 0.05;

    private static final Set<String> INTEGERS = Set.of("int2", "int4", "int8");
    private static final Set<String> ORDERED = Set.of("date", "timestamp", "timestamptz", "uuid", "numeric", "oid");
    private static final Set<String> STRINGS = Set.of("text", "varchar");

    private static final String BYTE_ORDER = """
            SELECT CASE WHEN l.collname = 'default'
                THEN d.datcollate IN ('C', 'POSIX') AND coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') = 'c'
                ELSE l.collname IN ('C', 'POSIX', 'ucs_basic') END
            FROM pg_attribute a JOIN pg_collation l ON l.oid = a.attcollation
              CROSS JOIN (SELECT * FROM pg_database WHERE datname = current_database()) d
            WHERE a.attrelid = {oid} AND a.attname = {name}
            """;

    private final Snapshot source;
    private final Snapshot target;
    private final Table onSource;
    private final Table onTarget;

    private record Place(String key, long page) {}

    /** Looks at this table of both sides. */
    public KeyProbe(Snapshot source, Snapshot target, Table onSource, Table onTarget) {
        this.source = source;
        this.target = target;
        this.onSource = onSource;
        this.onTarget = onTarget;
    }

    /** The cuts; empty when the table is better read in another way. */
    public Optional<KeyCuts> cuts(TablePlan plan, TableSize ofSource, TableSize ofTarget)
            throws ReadFailedException, InterruptedException {
        Optional<Digest.Pair> leading = plan.leading(onSource, onTarget);
        if (!ofSource.heap() || !ofTarget.heap() || leading.isEmpty() || !possible(plan)) {
            return Optional.empty();
        }
        String type = INTEGERS.contains(base(leading.get().source())) ? "int8" : "";
        List<Place> places = source.read(session -> session.list(
                sample(leading.get().source(), ofSource.pages()), row -> new Place(row.getString(1), row.getLong(2))));
        List<String> keys = places.stream().map(Place::key).distinct().toList();
        boolean even = keys.size() >= CUTS_MIN && keys.size() * 2 > places.size();
        if (!even || !inOrder(places.stream().map(Place::page).toList())) {
            return Optional.empty();
        }
        List<Long> there = target.read(session -> lookUp(session, leading.get().target(), keys));
        return inOrder(there)
                ? Optional.of(new KeyCuts(leading.get().source().quoted(), type, keys))
                : Optional.empty();
    }

    /** Whether ranges of the key mean the same on both sides, whatever the order of the rows. */
    public boolean possible(TablePlan plan) throws ReadFailedException, InterruptedException {
        Optional<Digest.Pair> leading = plan.leading(onSource, onTarget);
        return leading.isPresent() && !onSource.partitioned() && !onTarget.partitioned() && orderedAlike(leading.get());
    }

    /** How far keys and rows are in the same order by the servers' statistics; empty when a side has none. */
    public OptionalDouble correlation(TablePlan plan) throws ReadFailedException, InterruptedException {
        Optional<Digest.Pair> leading = plan.leading(onSource, onTarget);
        if (leading.isEmpty()) {
            return OptionalDouble.empty();
        }
        Optional<Double> left = correlation(source, onSource, leading.get().source());
        Optional<Double> right = correlation(target, onTarget, leading.get().target());
        return left.isPresent() && right.isPresent()
                ? OptionalDouble.of(Math.min(left.get(), right.get()))
                : OptionalDouble.empty();
    }

    private static Optional<Double> correlation(Snapshot snapshot, Table table, Column column)
            throws ReadFailedException, InterruptedException {
        String sql = "SELECT correlation::float8 FROM pg_stats WHERE schemaname = "
                + Sql.literal(table.name().schema()) + " AND tablename = "
                + Sql.literal(table.name().name()) + " AND attname = " + Sql.literal(column.name())
                + " AND correlation IS NOT NULL";
        return snapshot.read(session -> session.first(sql, row -> row.getDouble(1)));
    }

    private static String base(Column column) {
        return column.type().array() || !column.type().builtIn()
                ? ""
                : column.type().base();
    }

    private boolean orderedAlike(Digest.Pair key) throws ReadFailedException, InterruptedException {
        String left = base(key.source());
        String right = base(key.target());
        if (STRINGS.contains(left) && STRINGS.contains(right)) {
            return source.server().encoding().equals(target.server().encoding())
                    && inByteOrder(source, onSource, key.source())
                    && inByteOrder(target, onTarget, key.target());
        }
        return INTEGERS.contains(left) ? INTEGERS.contains(right) : ORDERED.contains(left) && left.equals(right);
    }

    private static boolean inByteOrder(Snapshot snapshot, Table table, Column column)
            throws ReadFailedException, InterruptedException {
        String sql =
                BYTE_ORDER.replace("{oid}", Long.toString(table.oid())).replace("{name}", Sql.literal(column.name()));
        return snapshot.read(
                session -> session.first(sql, row -> row.getBoolean(1)).orElse(false));
    }

    /** Dead rows have addresses too, so several of each page are tried. */
    private String sample(Column column, long pages) {
        long cuts = Math.clamp(pages / PAGES_PER_CUT, CUTS_MIN, CUTS_MAX);
        long every = Math.max(1, pages / cuts);
        String addresses = "ARRAY(SELECT format('(%s,%s)', p, i)::tid FROM generate_series(" + every + "::int8, "
                + Math.max(every, pages - 1) + ", " + every + ") p, generate_series(1, " + ROWS_TRIED_PER_PAGE + ") i)";
        String page = "(ctid::text::point)[0]::int8";
        return "SELECT k::text, page FROM (SELECT DISTINCT ON (page) " + column.quoted() + " AS k, page FROM (SELECT "
                + column.quoted() + ", ctid, " + page + " AS page FROM " + onSource.from() + " WHERE ctid = ANY("
                + addresses + ")) sampled ORDER BY page, ctid) q ORDER BY q.k";
    }

    private List<Long> lookUp(Session session, Column column, List<String> keys) throws ReadFailedException {
        int every = keys.size() / KEYS_LOOKED_UP_MAX + 1;
        List<String> some = new ArrayList<>();
        for (int i = 0; i < keys.size(); i += every) {
            some.add(Sql.literal(keys.get(i)));
        }
        String sql = "SELECT (ctid::text::point)[0]::int8 FROM " + onTarget.from() + " WHERE " + column.quoted()
                + " = ANY(ARRAY[" + some.stream().collect(Collectors.joining(", ")) + "]::"
                + (INTEGERS.contains(base(column)) ? "int8" : base(column)) + "[]) ORDER BY " + column.quoted()
                + " LIMIT " + ROWS_LOOKED_UP_MAX;
        return session.list(sql, row -> row.getLong(1));
    }

    /** Whether few neighbors in the order of keys lie the other way around on the pages. */
    static boolean inOrder(List<Long> pages) {
        long wrong = 0;
        for (int i = 1; i < pages.size(); i++) {
            wrong += pages.get(i) < pages.get(i - 1) ? 1 : 0;
        }
        return wrong <= pages.size() * OUT_OF_ORDER_MAX;
    }
}

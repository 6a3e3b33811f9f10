package org.pgrehearse.verifier.chunk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.digest.Digest;

/**
 * How the two tables of a pair are compared: which columns, by which key, and the SQL, which is the same for both sides
 * but for the table's name. Every row has a locator, a hash that is the same for the same row on both sides: of its
 * key, or of all its columns when there is no key that both sides have. Buckets are the locator's lowest bits. Neither
 * depends on collations, on the order of columns, or on where a row is stored.
 */
public final class TablePlan {
    private static final int VALUE_CHARACTERS_MAX = 2_000;

    private final List<Digest.Pair> columns;
    private final List<Digest.Pair> key;
    private final List<String> onlyOnSource;
    private final List<String> onlyOnTarget;
    private final Digest digest;

    private TablePlan(
            List<Digest.Pair> columns,
            List<Digest.Pair> key,
            List<String> onlyOnSource,
            List<String> onlyOnTarget,
            Digest digest) {
        this.columns = List.copyOf(columns);
        this.key = List.copyOf(key);
        this.onlyOnSource = List.copyOf(onlyOnSource);
        this.onlyOnTarget = List.copyOf(onlyOnTarget);
        this.digest = digest;
    }

    /** The plan for two tables; columns are matched by name. */
    public static TablePlan of(Table source, Table target, Digest digest) {
        List<Digest.Pair> columns = new ArrayList<>();
        List<String> onlyOnSource = new ArrayList<>();
        for (Column column : source.columns()) {
            Optional<Column> other = target.column(column.name());
            if (other.isPresent()) {
                columns.add(new Digest.Pair(column, other.get()));
            } else {
                onlyOnSource.add(column.name());
            }
        }
        List<String> onlyOnTarget = target.columns().stream()
                .map(Column::name)
                .filter(name -> source.column(name).isEmpty())
                .toList();
        List<String> keyNames = source.keys().stream()
                .filter(names -> target.keys().stream()
                        .anyMatch(others -> others.size() == names.size() && others.containsAll(names)))
                .findFirst()
                .orElse(List.of());
        List<Digest.Pair> key = keyNames.stream()
                .map(name -> columns.stream()
                        .filter(pair -> pair.name().equals(name))
                        .findFirst()
                        .orElseThrow())
                .toList();
        return new TablePlan(columns, key, onlyOnSource, onlyOnTarget, digest);
    }

    /** The columns that both sides have. */
    public List<Digest.Pair> columns() {
        return columns;
    }

    /** The columns of the key; empty when the table is compared as a multiset of rows. */
    public List<Digest.Pair> key() {
        return key;
    }

    /** Whether rows are found again by a key. */
    public boolean keyed() {
        return !key.isEmpty();
    }

    /** The column by which an index of the key is ordered first, if that is the same on both sides. */
    Optional<Digest.Pair> leading(Table source, Table target) {
        List<String> names = key.stream().map(Digest.Pair::name).toList();
        return key.stream()
                .filter(pair -> leads(pair.source().name(), source, names)
                        && leads(pair.target().name(), target, names))
                .findFirst();
    }

    private static boolean leads(String column, Table table, List<String> names) {
        return table.keys().stream()
                .anyMatch(others -> others.getFirst().equals(column)
                        && others.size() == names.size()
                        && others.containsAll(names));
    }

    /** Columns that the target lacks. */
    public List<String> onlyOnSource() {
        return onlyOnSource;
    }

    /** Columns that the source lacks. */
    public List<String> onlyOnTarget() {
        return onlyOnTarget;
    }

    /** Sums the rows of a slice by bucket: bucket, number of rows, sum of their hashes. */
    public String scan(Table table, Slice slice, int buckets) {
        String where = " FROM " + table.from() + " WHERE " + slice.condition();
        if (buckets == 1) {
            return "SELECT 0, count(*), coalesce(sum(" + rowHash() + "), 0)::text" + where;
        }
        // The fence keeps the planner from hashing twice where the locator is the row's hash itself.
        String inner = keyed()
                ? digest.key(key) + " AS l, " + rowHash() + " AS r" + where
                : rowHash() + " AS r" + where + " OFFSET 0";
        return "SELECT (" + (keyed() ? "l" : "r") + " & " + (buckets - 1)
                + ")::int4, count(*), sum(r)::text FROM (SELECT " + inner + ") q GROUP BY 1";
    }

    /** Lists the rows of some buckets of a slice by locator: locator, hash, number of such rows, address of one. */
    public String rows(Table table, Slice slice, List<Integer> inBuckets, int buckets) {
        String filter =
                buckets == 1 ? "" : " WHERE (l & " + (buckets - 1) + ") = ANY(" + literal(inBuckets) + "::int8[])";
        String from = ", ctid::text AS place FROM " + table.from() + " WHERE " + slice.condition();
        if (keyed()) {
            return "SELECT l, r, 1::int8, place FROM (SELECT " + digest.key(key) + " AS l, " + rowHash() + " AS r"
                    + from + ") q" + filter + " ORDER BY l";
        }
        return "SELECT l, l, count(*), min(place) FROM (SELECT " + rowHash() + " AS l" + from + " OFFSET 0) q" + filter
                + " GROUP BY l ORDER BY l";
    }

    /** Fetches rows by address and locator: locator, hash, texts of the key, texts and hashes of all columns. */
    public String values(Table table, List<String> places, List<Long> locators, boolean heap) {
        String locator = keyed() ? digest.key(key) : rowHash();
        String addressed = heap
                ? "ctid = ANY('{"
                        + places.stream().map(place -> "\"" + place + "\"").collect(Collectors.joining(","))
                        + "}'::tid[]) AND "
                : "";
        return "SELECT " + locator + ", " + rowHash() + ", " + texts(key) + ", " + texts(columns) + ", "
                + array(columns.stream().map(pair -> digest.row(List.of(pair))).toList(), "int8") + " FROM "
                + table.from() + " WHERE " + addressed + locator + " = ANY(" + literal(locators) + "::int8[])";
    }

    private String rowHash() {
        return digest.row(columns);
    }

    private static String texts(List<Digest.Pair> pairs) {
        return array(pairs.stream().map(pair -> shown(pair)).toList(), "text");
    }

    private static String shown(Digest.Pair pair) {
        String text = pair.text();
        return "CASE WHEN length(" + text + ") > " + VALUE_CHARACTERS_MAX + " THEN left(" + text + ", "
                + VALUE_CHARACTERS_MAX + ") || '… (' || length(" + text + ") || ' characters)' ELSE " + text + " END";
    }

    private static String array(List<String> expressions, String type) {
        return "ARRAY[" + String.join(", ", expressions) + "]::" + type + "[]";
    }

    private static String literal(List<? extends Number> numbers) {
        return "'{" + numbers.stream().map(Object::toString).collect(Collectors.joining(",")) + "}'";
    }
}

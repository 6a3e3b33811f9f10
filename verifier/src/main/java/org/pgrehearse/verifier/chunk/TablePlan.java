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
    private static final int VALUE_CHARACTERS_MIN = 100;
    private static final int ROW_CHARACTERS_MAX = 200_000;
    private static final String UTF8_IN_HEX = "^([0-7].|(c[2-9a-f]|d.)[89ab].|e0[ab].[89ab].|e[1-9a-cef]([89ab].){2}|"
            + "ed[89].[89ab].|f0[9ab].([89ab].){2}|f[1-3]([89ab].){3}|f48.([89ab].){2})*$";

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
                .anyMatch(others ->
                        others.getFirst().equals(column) && others.size() == names.size() && others.containsAll(names));
    }

    /** Columns that the target lacks. */
    public List<String> onlyOnSource() {
        return onlyOnSource;
    }

    /** Columns that the source lacks. */
    public List<String> onlyOnTarget() {
        return onlyOnTarget;
    }

    /**
     * Sums all rows of a slice for a first look: zero, number of rows, sum of their {@link Digest#look first looks}.
     */
    public String look(Table table, Slice slice) {
        return "SELECT 0, count(*), coalesce(sum(" + digest.look(columns) + "), 0)::text FROM " + table.from()
                + " WHERE " + slice.condition();
    }

    /** Whether rows may be the same although their first looks differ. */
    public boolean looksTwice() {
        return digest.coarser();
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

    /**
     * Fetches rows by address and locator: locator, hash, texts of the key, texts, lengths and hashes of all columns.
     * Texts are cut to {@link #charactersMax}.
     *
     * @param rawText whether the server's texts may hold bytes that are no UTF-8, which are shown escaped
     */
    public String values(Table table, List<String> places, List<Long> locators, boolean heap, boolean rawText) {
        return "SELECT " + locator() + ", " + rowHash() + ", " + texts(key, rawText) + ", " + texts(columns, rawText)
                + ", " + array(columns.stream().map(Digest.Pair::length).toList(), "int8") + ", " + columnHashes()
                + ", ctid::text" + addressed(table, places, locators, heap);
    }

    /** Fetches the hashes of single columns by address and locator: locator, hash, hashes of all columns. */
    public String hashes(Table table, List<String> places, List<Long> locators, boolean heap) {
        return "SELECT " + locator() + ", " + rowHash() + ", " + columnHashes()
                + addressed(table, places, locators, heap);
    }

    /** What follows the expressions that are to be read of one row. */
    public String one(Table table, String place, long locator, long hash, boolean heap) {
        return addressed(table, List.of(place), List.of(locator), heap) + " AND " + rowHash() + " = " + hash
                + " OFFSET 0 LIMIT 1";
    }

    /** How many characters, or bytes of binary values, of each value are fetched to be shown. */
    public int charactersMax() {
        return Math.clamp(ROW_CHARACTERS_MAX / Math.max(1, columns.size()), VALUE_CHARACTERS_MIN, VALUE_CHARACTERS_MAX);
    }

    private String locator() {
        return keyed() ? digest.key(key) : rowHash();
    }

    private String columnHashes() {
        return array(columns.stream().map(pair -> digest.row(List.of(pair))).toList(), "int8");
    }

    private String addressed(Table table, List<String> places, List<Long> locators, boolean heap) {
        String addressed = heap
                ? "ctid = ANY('{"
                        + places.stream().map(place -> "\"" + place + "\"").collect(Collectors.joining(","))
                        + "}'::tid[]) AND "
                : "";
        return " FROM " + table.from() + " WHERE " + addressed + locator() + " = ANY(" + literal(locators)
                + "::int8[])";
    }

    private String rowHash() {
        return digest.row(columns);
    }

    private String texts(List<Digest.Pair> pairs, boolean rawText) {
        return array(
                pairs.stream()
                        .map(pair -> rawText && !pair.binary() ? escaped(pair) : pair.head(charactersMax()))
                        .toList(),
                "text");
    }

    /** Text of a server that knows no encoding, with backslashes for all bytes but ASCII unless it is UTF-8. */
    private String escaped(Digest.Pair pair) {
        String head = pair.head(charactersMax());
        String bytes = "convert_to(" + head + ", 'SQL_ASCII')";
        return "CASE WHEN encode(" + bytes + ", 'hex') ~ '" + UTF8_IN_HEX + "' THEN " + head + " ELSE encode(" + bytes
                + ", 'escape') END";
    }

    private static String array(List<String> expressions, String type) {
        return "ARRAY[" + String.join(", ", expressions) + "]::" + type + "[]";
    }

    private static String literal(List<? extends Number> numbers) {
        return "'{" + numbers.stream().map(Object::toString).collect(Collectors.joining(",")) + "}'";
    }
}

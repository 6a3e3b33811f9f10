package org.pgrehearse.scenarios.statistics;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.capture.Mask;
import org.pgrehearse.scenarios.capture.Secrets;
import org.pgrehearse.scenarios.ids.ParameterColumns;
import org.pgrehearse.scenarios.ids.ParameterColumns.Place;
import org.pgrehearse.scenarios.ids.ParameterColumns.Spot;
import org.pgrehearse.scenarios.script.InvalidScript;
import org.pgrehearse.scenarios.script.Script;

/**
 * Turns a statement of {@code pg_stat_statements}, whose constants are gone, into a script that can be run: each
 * parameter gets a value of the column that the text compares it with or stores it in, a new one where that column is
 * unique and the statement inserts, and else a plain value of its type. It would rather leave a statement out than
 * guess. Reads only. Not thread-safe.
 */
final class ParameterFill {
    private static final int SAMPLE_MAX = 100;
    private static final int SAMPLED_ROWS = 20_000;
    private static final int VALUE_LENGTH_MAX = 1_000;
    private static final String NAME = "pgrehearse_capture";
    /** The statistics write {@code interval '1 day'} as {@code interval $1}, which is no SQL. */
    private static final Pattern TYPED_LITERAL =
            Pattern.compile("(?i)\\b(interval|date|timestamptz|timestamp|timetz|time"
                    + "|point|box|inet|cidr|uuid|jsonb|json|numeric|bytea|bit)\\s+(\\$\\d{1,5})\\b");

    private static final String FRESH_TEXT = "md5(random()::text || clock_timestamp()::text)";

    /** Values that are right for any column of the type, as SQL, where nothing more is known. */
    private static final Map<String, String> PLAIN = Map.ofEntries(
            Map.entry("text", "'x'"),
            Map.entry("character varying", "'x'"),
            Map.entry("boolean", "(random() < 0.5)"),
            Map.entry("timestamp with time zone", "now()"),
            Map.entry("timestamp without time zone", "localtimestamp"),
            Map.entry("date", "current_date"),
            Map.entry("interval", "interval '1 day'"),
            Map.entry("json", "'{}'::json"),
            Map.entry("jsonb", "'{}'::jsonb"));

    private static final Set<String> NUMBERS =
            Set.of("smallint", "integer", "bigint", "numeric", "real", "double precision");

    private final Connection connection;
    private final ParameterColumns columns;
    private final @Nullable Mask mask;
    private final Set<String> unique;
    private final Map<String, List<String>> samples = new HashMap<>();

    /**
     * Asks this connection, which has a transaction open that only reads.
     *
     * @param mask what becomes of sampled values; null when they stay
     */
    ParameterFill(Connection connection, @Nullable Mask mask) throws SQLException {
        this.connection = connection;
        this.columns = ParameterColumns.of(connection);
        this.mask = mask;
        this.unique = Set.copyOf(list("SELECT n.nspname || '.' || c.relname || '.' || a.attname FROM pg_index i"
                + " JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
                + " WHERE i.indisunique AND i.indnkeyatts = 1"));
    }

    /** Why a statement cannot be filled. */
    static final class CannotFill extends Exception {
        private static final long serialVersionUID = 1L;

        CannotFill(String why) {
            super(why);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /** One parameter: what the script sets before the statement, and what stands in it. */
    private record Filled(String set, String sql) {
        /** A number drawn from a range, in an expression in which {@code %s} is the variable. */
        static Filled drawn(int number, long from, long to, String sql) {
            return new Filled("\\set p" + number + " random(" + from + ", " + to + ")\n", sql.formatted(":p" + number));
        }
    }

    /**
     * The script.
     *
     * @throws CannotFill with what stands against it
     */
    String script(String query) throws SQLException, CannotFill {
        String sql =
                TYPED_LITERAL.matcher(query.strip().replaceFirst(";\\s*$", "")).replaceAll("$2::$1");
        if (sql.lines().anyMatch(line -> line.strip().startsWith("\\"))) {
            throw new CannotFill("a line of it begins with a backslash");
        }
        List<Spot> spots = ParameterColumns.spots(sql);
        Map<Integer, Filled> filled = new TreeMap<>();
        if (!spots.isEmpty()) {
            List<String> types = types(sql);
            Map<Integer, Place> places = columns.places(sql);
            boolean inserts = ParameterColumns.verb(sql).equals("insert");
            for (Spot spot : spots) {
                int number = spot.number();
                if (number > types.size()) {
                    throw new CannotFill("it has no type for $" + number);
                }
                if (!filled.containsKey(number)) {
                    filled.put(number, fill(number, types.get(number - 1), places.get(number), inserts));
                }
            }
        }
        String text = filled.values().stream().map(Filled::set).collect(Collectors.joining())
                + replaced(sql, spots, filled) + ";\n";
        check(text, replaced(sql, spots, filled).replaceAll(":p\\d+", "1"));
        return text;
    }

    private static String replaced(String sql, List<Spot> spots, Map<Integer, Filled> filled) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        for (Spot spot : spots) {
            text.append(sql, at, spot.start())
                    .append(filled.getOrDefault(spot.number(), new Filled("", ""))
                            .sql());
            at = spot.end();
        }
        return text.append(sql.substring(at)).toString();
    }

    /** The script can be read, and the server can plan the statement. */
    private void check(String script, String statement) throws SQLException, CannotFill {
        try {
            Script.parse("statement", script);
        } catch (InvalidScript e) {
            throw new CannotFill("a script cannot hold it: " + e.getMessage());
        }
        Savepoint before = connection.setSavepoint();
        try (Statement explain = connection.createStatement()) {
            explain.execute("EXPLAIN " + statement);
        } catch (SQLException e) {
            throw new CannotFill("the server cannot plan it with values: " + e.getMessage());
        } finally {
            connection.rollback(before);
        }
    }

    private List<String> types(String sql) throws SQLException, CannotFill {
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.execute("PREPARE " + NAME + " AS " + sql);
            List<String> types = list(
                    "SELECT unnest(parameter_types)::text FROM pg_prepared_statements WHERE name = '" + NAME + "'");
            statement.execute("DEALLOCATE " + NAME);
            return types;
        } catch (SQLException e) {
            connection.rollback(before);
            throw new CannotFill("the server cannot prepare it without its constants: " + e.getMessage());
        }
    }

    private Filled fill(int number, String type, @Nullable Place place, boolean inserts)
            throws SQLException, CannotFill {
        if (place == null) {
            return plain(number, type);
        }
        if (inserts && unique.contains(place.name())) {
            return fresh(number, type, place.name());
        }
        List<String> values = sample(place.name());
        if (values.isEmpty()) {
            throw new CannotFill("$" + number + " is a value of " + place.name() + ", which holds none");
        }
        String element = place.array() && type.endsWith("[]") ? type.substring(0, type.length() - 2) : type;
        String list = values.stream().map(ParameterFill::literal).collect(Collectors.joining(", ", "(ARRAY[", "]"));
        String one = list + "::" + element + "[])[%s]";
        return Filled.drawn(
                number,
                1,
                values.size(),
                (place.array() ? "ARRAY[" + one + "]" : one)
                        .replace("%s", "\0")
                        .replace("%", "%%")
                        .replace("\0", "%s"));
    }

    private static Filled plain(int number, String type) throws CannotFill {
        if (NUMBERS.contains(type)) {
            return Filled.drawn(number, 1, 100, "%s::" + type);
        }
        String sql = PLAIN.get(type);
        if (sql == null) {
            throw new CannotFill("no column tells what $" + number + " of type " + type + " is");
        }
        return new Filled("", sql);
    }

    private static Filled fresh(int number, String type, String column) throws CannotFill {
        return switch (type) {
            case "integer" -> Filled.drawn(number, 1_000_000_000, 2_000_000_000, "%s");
            case "bigint", "numeric" -> Filled.drawn(number, 1L << 50, 1L << 52, "%s");
            case "uuid" -> new Filled("", FRESH_TEXT + "::uuid");
            case "text", "character varying" -> new Filled("", FRESH_TEXT);
            default ->
                throw new CannotFill(
                        "$" + number + " is a new value of " + column + ", which is unique and of type " + type);
        };
    }

    /** Some values of a column, as text; few of many pages, and of a small table all that differ. */
    private List<String> sample(String column) throws SQLException {
        List<String> known = samples.get(column);
        if (known != null) {
            return known;
        }
        String[] parts = column.split("\\.", 3);
        String table = quoted(parts[0]) + "." + quoted(parts[1]);
        String rows = list("SELECT greatest(reltuples, 0)::int8::text FROM pg_class WHERE oid = " + literal(table)
                        + "::regclass")
                .getFirst();
        double share = Math.min(100.0, 100.0 * SAMPLED_ROWS / Math.max(1.0, Double.parseDouble(rows)));
        String from = share < 100 ? " TABLESAMPLE SYSTEM (" + share + ")" : "";
        String name = quoted(parts[2]);
        List<String> values = list("SELECT v FROM (SELECT DISTINCT v FROM (SELECT " + name + "::text AS v FROM " + table
                + from + " WHERE " + name + " IS NOT NULL LIMIT " + SAMPLED_ROWS + ") s WHERE length(v) <= "
                + VALUE_LENGTH_MAX + ") d ORDER BY md5(v) LIMIT " + SAMPLE_MAX);
        List<String> masked = values.stream()
                .filter(value -> !Secrets.mayBeIn(value))
                .map(value -> mask == null ? value : mask.value(value))
                .toList();
        samples.put(column, masked);
        return masked;
    }

    private List<String> list(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                values.add(row.getString(1));
            }
        }
        return values;
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }
}

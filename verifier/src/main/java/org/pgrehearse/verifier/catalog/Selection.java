package org.pgrehearse.verifier.catalog;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pgrehearse.verifier.InvalidInputException;

/**
 * Which tables are compared, and with which. Patterns are {@code schema.table} with {@code *} and {@code ?}, folded and
 * quoted as psql does; without a dot they mean any schema.
 *
 * @param tables patterns of which a table must match one on either side; all tables when empty
 * @param excluded patterns of which a table must match none on either side
 * @param mapped names on the target of tables that are called otherwise on the source; {@code schema.*} on both sides
 *     for all tables of a schema
 * @param columns which columns are compared with which
 */
public record Selection(List<String> tables, List<String> excluded, Map<String, String> mapped, ColumnRules columns) {
    public Selection {
        tables = List.copyOf(tables);
        excluded = List.copyOf(excluded);
        mapped = Map.copyOf(mapped);
    }

    /** Every table. */
    public static Selection everything() {
        return new Selection(List.of(), List.of(), Map.of(), ColumnRules.none());
    }

    /** The same with these rules for columns. */
    public Selection withColumns(ColumnRules rules) {
        return new Selection(tables, excluded, mapped, rules);
    }

    /**
     * A selection from the options of a command.
     *
     * @param maps each {@code S.T=S2.T2} or {@code S.*=S2.*}
     */
    public static Selection of(List<String> tables, List<String> excluded, List<String> maps) {
        Map<String, String> mapped = new LinkedHashMap<>();
        for (String map : maps) {
            int equals = map.indexOf('=');
            if (equals <= 0 || equals == map.length() - 1) {
                throw new InvalidInputException("Cannot read the map " + map + ". Write schema.table=schema.table.");
            }
            mapped.put(
                    map.substring(0, equals).strip(), map.substring(equals + 1).strip());
        }
        mapped.forEach(TableMap::of);
        return new Selection(tables, excluded, mapped, ColumnRules.none());
    }

    /** Whether some tables may be left out on purpose. */
    public boolean partial() {
        return !tables.isEmpty() || !excluded.isEmpty();
    }

    /**
     * The pairs to compare, by the name on the source. Tables that only one side has are pairs too.
     *
     * @throws InvalidInputException when a pattern or a mapped name names nothing
     */
    public List<TablePair> pairs(Catalog source, Catalog target) {
        List<Pattern> include = tables.stream().map(Pattern::of).toList();
        List<Pattern> exclude = excluded.stream().map(Pattern::of).toList();
        List<TablePair> all = allPairs(source.tablesByName(), target.tablesByName());
        include.forEach(pattern -> demandMatch(pattern, all));
        exclude.forEach(pattern -> demandMatch(pattern, all));
        return all.stream()
                .filter(pair -> include.isEmpty() || include.stream().anyMatch(pattern -> matches(pattern, pair)))
                .filter(pair -> exclude.stream().noneMatch(pattern -> matches(pattern, pair)))
                .toList();
    }

    private List<TablePair> allPairs(Map<TableName, Table> source, Map<TableName, Table> target) {
        Map<TableName, TableName> names = resolvedMaps(source, target);
        List<TablePair> pairs = new ArrayList<>();
        Set<TableName> used = new TreeSet<>();
        source.forEach((name, table) -> {
            TableName other = names.getOrDefault(name, name);
            pairs.add(new TablePair(name, other, table, target.get(other)));
            used.add(other);
        });
        target.forEach((name, table) -> {
            // The old name of a mapped table is not a surprise: source and target may be one database.
            if (!used.contains(name) && !names.containsKey(name)) {
                pairs.add(new TablePair(name, name, null, table));
            }
        });
        return pairs;
    }

    /** A rule for one table goes before a rule for its schema. */
    private Map<TableName, TableName> resolvedMaps(Map<TableName, Table> source, Map<TableName, Table> target) {
        Map<TableName, TableName> names = new TreeMap<>();
        mapped.forEach((from, to) -> {
            switch (TableMap.of(from, to)) {
                case TableMap.OfTable(String one, String other) ->
                    names.put(only(one, source, "source"), only(other, target, "target"));
                case TableMap.OfSchema _schema -> {}
            }
        });
        Map<TableName, TableName> ofSchemas = new TreeMap<>();
        mapped.forEach((from, to) -> {
            switch (TableMap.of(from, to)) {
                case TableMap.OfTable _table -> {}
                case TableMap.OfSchema(String one, String other) -> {
                    String left = schema(one, source, "source");
                    String right = schema(other, target, "target");
                    source.keySet().stream()
                            .filter(name -> name.schema().equals(left))
                            .forEach(name -> ofSchemas.put(name, new TableName(right, name.name())));
                }
            }
        });
        ofSchemas.forEach(names::putIfAbsent);
        return names;
    }

    private static String schema(String text, Map<TableName, Table> tables, String side) {
        List<String> schemas =
                tables.keySet().stream().map(TableName::schema).distinct().toList();
        Pattern pattern = Pattern.of(text);
        return schemas.stream()
                .filter(schema -> pattern.matches(new TableName(schema, schema)))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("Cannot map the schema " + text + ": the " + side
                        + " has no table in such a schema." + Nearest.hint(text, schemas)));
    }

    private static TableName only(String name, Map<TableName, Table> tables, String side) {
        Pattern pattern = Pattern.of(name);
        List<TableName> found =
                tables.keySet().stream().filter(pattern::matches).toList();
        if (found.size() != 1) {
            throw new InvalidInputException("Cannot map " + name + ": the " + side + " has "
                    + (found.isEmpty() ? "no such table" : found.size() + " tables of that name")
                    + ". Write an existing table as schema.table."
                    + (found.isEmpty() ? Nearest.hint(name, texts(tables.keySet())) : ""));
        }
        return found.getFirst();
    }

    private static List<String> texts(Collection<TableName> names) {
        return names.stream().map(TableName::toString).toList();
    }

    private static void demandMatch(Pattern pattern, List<TablePair> pairs) {
        if (pairs.stream().noneMatch(pair -> matches(pattern, pair))) {
            throw new InvalidInputException("Cannot select tables by " + pattern
                    + ": neither the source nor the target has a table that matches. Correct the pattern."
                    + Nearest.hint(
                            pattern.toString(),
                            texts(pairs.stream().map(TablePair::sourceName).toList())));
        }
    }

    private static boolean matches(Pattern pattern, TablePair pair) {
        return pattern.matches(pair.sourceName()) || pattern.matches(pair.targetName());
    }
}

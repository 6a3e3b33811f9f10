package org.pgrehearse.verifier.catalog;

import java.util.ArrayList;
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
 * @param mapped names on the target of tables that are called otherwise on the source
 */
public record Selection(List<String> tables, List<String> excluded, Map<String, String> mapped) {
    public Selection {
        tables = List.copyOf(tables);
        excluded = List.copyOf(excluded);
        mapped = Map.copyOf(mapped);
    }

    /** Every table. */
    public static Selection everything() {
        return new Selection(List.of(), List.of(), Map.of());
    }

    /**
     * A selection from the options of a command.
     *
     * @param maps each {@code S.T=S2.T2}
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
        return new Selection(tables, excluded, mapped);
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

    private Map<TableName, TableName> resolvedMaps(Map<TableName, Table> source, Map<TableName, Table> target) {
        Map<TableName, TableName> names = new TreeMap<>();
        mapped.forEach((from, to) -> names.put(only(from, source, "source"), only(to, target, "target")));
        return names;
    }

    private static TableName only(String name, Map<TableName, Table> tables, String side) {
        Pattern pattern = Pattern.of(name);
        List<TableName> found =
                tables.keySet().stream().filter(pattern::matches).toList();
        if (found.size() != 1) {
            throw new InvalidInputException("Cannot map " + name + ": the " + side + " has "
                    + (found.isEmpty() ? "no such table" : found.size() + " tables of that name")
                    + ". Write an existing table as schema.table.");
        }
        return found.getFirst();
    }

    private static void demandMatch(Pattern pattern, List<TablePair> pairs) {
        if (pairs.stream().noneMatch(pair -> matches(pattern, pair))) {
            throw new InvalidInputException("Cannot select tables by " + pattern
                    + ": neither the source nor the target has a table that matches. Correct the pattern.");
        }
    }

    private static boolean matches(Pattern pattern, TablePair pair) {
        return pattern.matches(pair.sourceName()) || pattern.matches(pair.targetName());
    }
}

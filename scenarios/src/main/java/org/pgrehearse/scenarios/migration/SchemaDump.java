package org.pgrehearse.scenarios.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Everything that a database's schema consists of, as {@code pg_dump --schema-only} writes it: functions, triggers,
 * views, types, sequences, privileges, policies, comments and all the rest, each by its kind and name.
 *
 * @param objects the definition of each object, by its kind and name
 */
record SchemaDump(Map<String, String> objects) {
    private static final int CHANGES_MAX = 20;
    private static final Pattern HEADER = Pattern.compile(
            "(?m)^--\\R-- Name: (?<name>.+); Type: (?<type>.+); Schema: (?<schema>.+); Owner: .*\\R--$");

    /** Settings between objects, which follow from their order, and a random word that only guards the file. */
    private static final Pattern NOISE = Pattern.compile(
            "(?m)^(?:SET default_tablespace = .*|SET default_table_access_method = .*|\\\\(?:un)?restrict .*"
                    + "|-- PostgreSQL database dump complete|--)$");

    /** What {@link SchemaPicture} tells in fewer words. */
    private static final Set<String> PICTURED = Set.of("TABLE", "INDEX", "CONSTRAINT", "FK CONSTRAINT");

    SchemaDump {
        objects = Map.copyOf(objects);
    }

    /** Reads a dump. */
    static SchemaDump of(String dump) {
        Map<String, String> objects = new TreeMap<>();
        Matcher header = HEADER.matcher(dump);
        String name = "";
        int from = 0;
        while (header.find()) {
            put(objects, name, dump.substring(from, header.start()));
            String schema = header.group("schema").equals("-") ? "" : header.group("schema") + ".";
            name = header.group("type") + " " + schema + header.group("name");
            from = header.end();
        }
        put(objects, name, dump.substring(from));
        return new SchemaDump(objects);
    }

    private static void put(Map<String, String> objects, String name, String text) {
        if (!name.isEmpty()) {
            objects.merge(name, NOISE.matcher(text).replaceAll("").strip(), (one, other) -> one + "\n" + other);
        }
    }

    /**
     * What came, went or differs since another dump, in one line; empty when nothing did.
     *
     * @param pictured whether tables, indexes and constraints are told already
     */
    String told(SchemaDump before, boolean pictured) {
        List<String> changes = new ArrayList<>();
        Set<String> names = new TreeSet<>(objects.keySet());
        names.addAll(before.objects.keySet());
        for (String name : names) {
            String now = objects.get(name);
            String then = before.objects.get(name);
            if (pictured && PICTURED.stream().anyMatch(kind -> name.startsWith(kind + " "))) {
                continue;
            }
            if (then == null) {
                changes.add("+ " + name);
            } else if (now == null) {
                changes.add("- " + name);
            } else if (!now.equals(then)) {
                changes.add(name + " differs");
            }
        }
        String shown = changes.stream().limit(CHANGES_MAX).collect(Collectors.joining(", "));
        return changes.size() <= CHANGES_MAX ? shown : shown + " and " + (changes.size() - CHANGES_MAX) + " more";
    }
}

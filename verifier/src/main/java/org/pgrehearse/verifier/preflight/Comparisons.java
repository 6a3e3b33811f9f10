package org.pgrehearse.verifier.preflight;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.preflight.Check.Answer;
import org.pgrehearse.verifier.snapshot.Sql;

/** The questions that both sides answer, as functions of the answers alone. */
final class Comparisons {
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private Comparisons() {}

    /** A target of an older major. */
    static List<Answer> older(List<Answer> source, List<Answer> target) {
        int from = Integer.parseInt(source.getFirst().detail());
        int to = Integer.parseInt(target.getFirst().detail());
        return to >= from
                ? List.of()
                : List.of(new Answer(
                        "server",
                        "the target is PostgreSQL " + to + ", older than the source's " + from,
                        "Install PostgreSQL " + from + " or newer on the target"));
    }

    /** What both have with different values, and can have only from the start. */
    static List<Answer> differing(List<Answer> source, List<Answer> target) {
        return differing(
                source,
                target,
                name -> name.equals("server")
                        ? "Give the target a server like the source's, or migrate by rows and not by files"
                        : "Make the target's database again with CREATE DATABASE ... TEMPLATE template0"
                                + " and the source's " + name);
    }

    /** Settings of the servers. */
    static List<Answer> settings(List<Answer> source, List<Answer> target) {
        Map<String, String> wanted = values(source);
        return differing(
                source,
                target,
                name -> wanted.get(name) == null || wanted.get(name).equals("the default")
                        ? "ALTER SYSTEM RESET " + name + "; SELECT pg_reload_conf();"
                        : "ALTER SYSTEM SET " + name + " = " + Sql.literal(String.valueOf(wanted.get(name)))
                                + "; SELECT pg_reload_conf();");
    }

    private static List<Answer> differing(List<Answer> source, List<Answer> target, Function<String, String> fix) {
        Map<String, String> there = values(target);
        List<Answer> found = new ArrayList<>();
        for (Answer here : source) {
            String value = there.get(here.object());
            if (value != null && !value.equals(here.detail())) {
                found.add(new Answer(here.object(), values(here.detail(), value), fix.apply(here.object())));
            }
        }
        return found;
    }

    private static String values(String source, String target) {
        return "'" + source + "' on the source and '" + target + "' on the target";
    }

    /** Settings stored for databases and roles, which a dump without CREATE DATABASE and roles leaves behind. */
    static List<Answer> stored(List<Answer> source, List<Answer> target) {
        Map<String, String> there = values(target);
        Map<String, String> here = values(source);
        List<Answer> found = new ArrayList<>();
        for (Answer each : source) {
            String value = there.get(each.object());
            if (!each.detail().equals(value)) {
                String fix = each.fix().replace("...", Sql.literal(each.detail()));
                found.add(new Answer(
                        each.object(),
                        value == null
                                ? "'" + each.detail() + "' on the source and not set on the target"
                                : values(each.detail(), value),
                        fix + " on the target, by its name there"));
            }
        }
        target.stream()
                .filter(each -> !here.containsKey(each.object()))
                .forEach(each -> found.add(new Answer(
                        each.object(),
                        "not set on the source and '" + each.detail() + "' on the target",
                        each.fix().replaceFirst(" SET (\\S+) = .*", " RESET $1;"))));
        return found;
    }

    /** Extensions that are not installed on the target; {@code target} gives those that could be with no version. */
    static List<Answer> extensions(List<Answer> source, List<Answer> target) {
        Map<String, String> there = values(target);
        List<Answer> found = new ArrayList<>();
        for (Answer each : source) {
            String version = there.get(each.object());
            String create = "CREATE EXTENSION " + Sql.identifier(each.object()) + "; on the target";
            if (version == null) {
                found.add(new Answer(
                        each.object(),
                        each.detail() + " on the source; the target's server does not have its files",
                        "Install its package on the target's server, then " + create));
            } else if (version.isEmpty()) {
                found.add(new Answer(
                        each.object(), each.detail() + " on the source and not installed on the target", create));
            }
        }
        return found;
    }

    /** Extensions of a lower version on the target. */
    static List<Answer> olderExtensions(List<Answer> source, List<Answer> target) {
        Map<String, String> there = values(target);
        return source.stream()
                .filter(each -> below(there.getOrDefault(each.object(), each.detail()), each.detail()))
                .map(each -> new Answer(
                        each.object(),
                        values(each.detail(), there.getOrDefault(each.object(), "")),
                        "ALTER EXTENSION " + Sql.identifier(each.object()) + " UPDATE; on the target"))
                .toList();
    }

    /** Whether the numbers in one version are lower, from the first that differs on. */
    private static boolean below(String one, String other) {
        Matcher left = NUMBER.matcher(one);
        Matcher right = NUMBER.matcher(other);
        while (left.find()) {
            if (!right.find()) {
                return false;
            }
            int order = new BigInteger(left.group()).compareTo(new BigInteger(right.group()));
            if (order != 0) {
                return order < 0;
            }
        }
        return right.find();
    }

    /** Roles that own or are granted something on the source and that the target lacks. */
    static List<Answer> roles(List<Answer> source, List<Answer> target) {
        return missing(
                source,
                target,
                name -> "CREATE ROLE " + Sql.identifier(name)
                        + "; on the target, or pg_dumpall --roles-only on the source");
    }

    /** Tablespaces in use that the target lacks. */
    static List<Answer> tablespaces(List<Answer> source, List<Answer> target) {
        return missing(
                source,
                target,
                name -> "CREATE TABLESPACE " + Sql.identifier(name)
                        + " LOCATION '...'; on the target, or restore with --no-tablespaces");
    }

    private static List<Answer> missing(List<Answer> source, List<Answer> target, Function<String, String> fix) {
        Set<String> there = names(target);
        return source.stream()
                .filter(each -> !there.contains(each.object()))
                .map(each -> new Answer(
                        each.object(), each.detail() + " and is missing on the target", fix.apply(each.object())))
                .toList();
    }

    /** Tables with rows on the target that the source has too. */
    static List<Answer> filled(List<Answer> source, List<Answer> target) {
        Set<String> here = names(source);
        return target.stream().filter(each -> here.contains(each.object())).toList();
    }

    /** A target that has none of the source's tables. */
    static List<Answer> noTable(List<Answer> source, List<Answer> target) {
        return !source.isEmpty() && names(target).stream().noneMatch(names(source)::contains)
                ? List.of(new Answer(
                        "tables",
                        "the target has none of the source's " + source.size() + " tables",
                        "pg_dump --schema-only on the source, psql on the target"))
                : List.of();
    }

    /** Single tables that the target lacks; none when it lacks all. */
    static List<Answer> missingTables(List<Answer> source, List<Answer> target) {
        return noTable(source, target).isEmpty()
                ? missing(
                        source,
                        target,
                        name -> "pg_dump --schema-only -t '" + name + "' on the source, psql on the target")
                : List.of();
    }

    /** Columns that the target lacks or has with another type, in tables that both have. */
    static List<Answer> columns(List<Answer> source, List<Answer> target) {
        Map<String, String> there = values(target);
        Set<String> tables = target.stream().map(Answer::fix).collect(Collectors.toSet());
        List<Answer> found = new ArrayList<>();
        for (Answer each : source) {
            String type = there.get(each.object());
            if (tables.contains(each.fix()) && !each.detail().equals(type)) {
                String column = each.object().substring(each.fix().length() + 1);
                String alter = "ALTER TABLE " + each.fix();
                found.add(new Answer(
                        each.object(),
                        type == null
                                ? each.detail() + " on the source and missing on the target"
                                : values(each.detail(), type),
                        type == null
                                ? alter + " ADD COLUMN " + column + " " + each.detail() + "; on the target"
                                : alter + " ALTER COLUMN " + column + " TYPE " + each.detail() + "; on the target"));
            }
        }
        return found;
    }

    private static Set<String> names(List<Answer> answers) {
        return answers.stream().map(Answer::object).collect(Collectors.toSet());
    }

    private static Map<String, String> values(List<Answer> answers) {
        Map<String, String> values = new HashMap<>();
        answers.forEach(answer -> values.put(answer.object(), answer.detail()));
        return values;
    }
}

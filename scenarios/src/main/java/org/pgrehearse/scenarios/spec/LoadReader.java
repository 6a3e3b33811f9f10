package org.pgrehearse.scenarios.spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.pgrehearse.scenarios.script.InvalidScript;
import org.pgrehearse.scenarios.script.KeyStatements;
import org.pgrehearse.scenarios.script.Script;
import org.pgrehearse.scenarios.script.ScriptProblem;
import org.pgrehearse.scenarios.script.Variables;
import org.pgrehearse.scenarios.spec.Scenario.ApplicationSpec;
import org.pgrehearse.scenarios.spec.Scenario.LoadSpec;
import org.pgrehearse.scenarios.spec.Scenario.ReplaySpec;
import org.pgrehearse.scenarios.spec.Scenario.ScriptSpec;
import org.pgrehearse.scenarios.spec.Scenario.SetupSpec;
import org.pgrehearse.scenarios.workload.Builtin;
import org.pgrehearse.scenarios.workload.Isolation;
import org.pgrehearse.scenarios.workload.LoadPlan;
import org.pgrehearse.scenarios.workload.QueryMode;
import org.pgrehearse.scenarios.workload.RateCurve;
import org.pgrehearse.scenarios.workload.Retry;
import org.pgrehearse.scenarios.workload.Scripts;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the load of a scenario, and the script files it names, which lie beside the scenario's file. */
final class LoadReader {
    /** What pg_dump says to psql, and no server understands. */
    private static final Pattern OF_PG_DUMP = Pattern.compile("(?m)^\\\\(?:un)?restrict\\b.*$");

    private static final int CONNECTIONS_MAX = 1_000;
    private static final int WEIGHT_MAX = 1_000_000;
    private static final double RATE_MAX = 100_000;
    private static final long FILE_BYTES_MAX = 16L << 20;
    private static final long SCALE_MAX = 10_000;

    private static final Duration EVERY_MIN = Duration.ofSeconds(1);
    private static final double SPEED_MIN = 0.1;
    private static final double SPEED_MAX = 100;
    private static final Pattern SPEED = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3})?");

    private final String file;

    LoadReader(String file) {
        this.file = file;
    }

    LoadSpec load(Fields fields) {
        double rate = fields.value(
                "rate", 200.0, text -> Units.rate(text).filter(r -> r > 0 && r <= RATE_MAX), "a rate such as 300/s");
        LoadPlan.Curve curve = curve(fields);
        List<ScriptSpec> scripts = scripts(fields);
        QueryMode mode =
                QueryMode.valueOf(ScenarioReader.choice(fields, "mode", List.of("simple", "extended", "prepared"))
                        .toUpperCase(Locale.ROOT));
        Isolation isolation = isolation(fields);
        Retry retry = Retry.valueOf(ScenarioReader.choice(fields, "retry", List.of("none", "serialization", "blind"))
                .toUpperCase(Locale.ROOT));
        Map<String, String> variables = variables(fields);
        SetupSpec setup = setup(fields.mapping("setup"));
        ReplaySpec replay = replay(fields, scripts);
        List<ApplicationSpec> applications = applications(fields);
        fields.refuseOthers();
        return new LoadSpec(rate, curve, scripts, mode, isolation, retry, variables, setup, replay, applications);
    }

    private static LoadPlan.Curve curve(Fields fields) {
        List<RateCurve.Point> points = new ArrayList<>();
        List<Node> items = fields.items("rates");
        for (int i = 0; i < items.size(); i++) {
            Fields item = fields.item("rates", i, items.get(i));
            Duration at = ScenarioReader.duration(item, "at", "0s");
            double rate = item.value(
                    "rate", 0.0, text -> Units.rate(text).filter(r -> r <= RATE_MAX), "a rate such as 300/s");
            item.refuseOthers();
            points.add(new RateCurve.Point(at, rate));
        }
        boolean ramps = ScenarioReader.choice(fields, "between", List.of("steps", "ramps"))
                .equals("ramps");
        boolean repeat = yes(fields, "repeat");
        if (points.isEmpty()) {
            return LoadPlan.Curve.NONE;
        }
        try {
            new RateCurve(points, ramps, repeat, 0);
        } catch (IllegalArgumentException e) {
            fields.report(fields.lineOf("rates"), "rates", String.valueOf(e.getMessage()));
        }
        return new LoadPlan.Curve(points, ramps, repeat);
    }

    private static boolean yes(Fields fields, String key) {
        return fields.value(
                key,
                false,
                text -> switch (text) {
                    case "yes", "true" -> Optional.of(true);
                    case "no", "false" -> Optional.of(false);
                    default -> Optional.empty();
                },
                "yes or no");
    }

    private List<ScriptSpec> scripts(Fields fields) {
        List<ScriptSpec> scripts = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Node> items = fields.items("scripts");
        for (int i = 0; i < items.size(); i++) {
            Fields item = fields.item("scripts", i, items.get(i));
            ScriptSpec script = script(item);
            if (!names.add(script.name())) {
                item.report(item.line(), "", "the script \"" + script.name() + "\" is given twice");
            }
            scripts.add(script);
        }
        return scripts;
    }

    private ScriptSpec script(Fields item) {
        int weight = (int) ScenarioReader.number(item, "weight", 1, 1, WEIGHT_MAX);
        Duration every = every(item);
        Optional<Isolation> isolation = item.has("isolation") ? Optional.of(isolation(item)) : Optional.empty();
        boolean wrap = yes(item, "wrap");
        String path = item.text("file", " ").strip();
        String sql = item.text("sql", " ");
        String builtin = item.text("builtin", " ").strip();
        String keysOf = item.text("keys-of", " ").strip();
        String name = item.text("name", path.isEmpty() ? builtin.isEmpty() ? "inline" : builtin : path);
        long given = List.of(path, sql.strip(), builtin).stream()
                .filter(text -> !text.isEmpty())
                .count();
        item.refuseOthers();
        if (given != 1) {
            item.report(item.line(), "", "needs one of \"file\", \"sql\" and \"builtin\"");
            return new ScriptSpec(name, "", "", weight, wrap);
        }
        if (!builtin.isEmpty()) {
            if (Builtin.named(builtin).isEmpty()) {
                item.report(
                        item.lineOf("builtin"),
                        "builtin",
                        "\"" + builtin + "\" is not a builtin; known: " + String.join(", ", Builtin.labels()));
            }
            if (!keysOf.isEmpty()) {
                item.report(item.lineOf("keys-of"), "keys-of", "a builtin knows its own; leave it out");
            }
            if (builtin.equals(Builtin.SHOP.label()) && isolation.isPresent()) {
                item.report(item.lineOf("isolation"), "isolation", "the shop has that of the load; give it there");
            }
            return new ScriptSpec(builtin, "", builtin, weight, wrap, "", every, isolation);
        }
        String text = path.isEmpty() ? sql : content(item, "file", path);
        if (!text.isBlank()) {
            check(item, name, text, wrap, keysOf, isolation.isPresent());
        }
        return new ScriptSpec(name, text, "", weight, wrap, keysOf, every, isolation);
    }

    private static Duration every(Fields item) {
        Duration every = ScenarioReader.duration(item, "every", "0s");
        if (item.has("every") && every.compareTo(EVERY_MIN) < 0) {
            item.report(item.lineOf("every"), "every", "must be " + EVERY_MIN.toSeconds() + "s or more");
        }
        if (item.has("every") && item.has("weight")) {
            item.report(item.lineOf("weight"), "weight", "give \"every\" or \"weight\", not both");
        }
        return every;
    }

    private static Isolation isolation(Fields fields) {
        return Isolation.valueOf(
                ScenarioReader.choice(fields, "isolation", List.of("read-committed", "repeatable-read", "serializable"))
                        .toUpperCase(Locale.ROOT)
                        .replace('-', '_'));
    }

    private static void check(Fields item, String name, String text, boolean wrap, String keysOf, boolean isolated) {
        try {
            Script script = Script.parse(name, text);
            if (isolated
                    && !Scripts.of(script, wrap, QueryMode.SIMPLE, Map.of()).proven()) {
                item.report(
                        item.lineOf("isolation"),
                        "isolation",
                        "needs a script in one transaction: BEGIN … COMMIT, or wrap: yes");
            }
            if (!keysOf.isEmpty()) {
                problem(script, wrap, keysOf)
                        .ifPresent(problem -> item.report(item.lineOf("keys-of"), "keys-of", problem));
            }
        } catch (InvalidScript e) {
            for (ScriptProblem problem : e.problems()) {
                item.report(item.line(), "", problem.toString());
            }
        }
    }

    private static Optional<String> problem(Script script, boolean wrap, String keysOf) {
        if (!KeyStatements.isTable(keysOf)) {
            return Optional.of("\"" + keysOf + "\" is not a table's name such as tickets or app.tickets");
        }
        if (!Scripts.of(script, wrap, QueryMode.SIMPLE, Map.of()).proven()) {
            return Optional.of("needs a script in one transaction: BEGIN … COMMIT, or wrap: yes");
        }
        return new KeyStatements(keysOf).deletedIn(script)
                ? Optional.empty()
                : Optional.of("needs a statement DELETE FROM " + keysOf + " … RETURNING with the columns of its key");
    }

    private ReplaySpec replay(Fields fields, List<ScriptSpec> scripts) {
        String name = fields.text("replay", " ").strip();
        double speed = fields.value(
                "speed",
                1.0,
                text -> SPEED.matcher(text).matches()
                        ? Optional.of(Double.valueOf(text)).filter(s -> s >= SPEED_MIN && s <= SPEED_MAX)
                        : Optional.empty(),
                "a number from 0.1 to 100");
        if (name.isEmpty()) {
            return new ReplaySpec("", speed);
        }
        if (!scripts.isEmpty()) {
            fields.report(fields.lineOf("replay"), "replay", "give \"replay\" or \"scripts\", not both");
        }
        try {
            Path path = Path.of(file).resolveSibling(name).toAbsolutePath();
            if (!Files.isRegularFile(path)) {
                fields.report(fields.lineOf("replay"), "replay", "there is no file \"" + path + "\"");
            }
            return new ReplaySpec(path.toString(), speed);
        } catch (InvalidPathException e) {
            fields.report(fields.lineOf("replay"), "replay", "\"" + name + "\" is no path");
            return new ReplaySpec("", speed);
        }
    }

    /** The text of a file beside the scenario. */
    private String content(Fields fields, String key, String name) {
        try {
            Path path = Path.of(file).resolveSibling(name);
            if (!Files.isRegularFile(path)) {
                fields.report(fields.lineOf(key), key, "there is no file \"" + path + "\"");
            } else if (Files.size(path) > FILE_BYTES_MAX) {
                fields.report(fields.lineOf(key), key, "\"" + path + "\" is larger than " + FILE_BYTES_MAX + " bytes");
            } else {
                return Files.readString(path);
            }
        } catch (IOException | InvalidPathException e) {
            fields.report(fields.lineOf(key), key, "cannot read \"" + name + "\": " + e);
        }
        return "";
    }

    private static Map<String, String> variables(Fields fields) {
        Fields mapping = fields.mapping("variables");
        Map<String, String> variables = new LinkedHashMap<>();
        for (String name : mapping.keys()) {
            if (!Variables.isName(name)) {
                mapping.report(mapping.lineOf(name), name, "a variable's name has letters, digits and underscores");
            }
            variables.put(name, mapping.text(name, ""));
        }
        if (variables.containsKey("scale")) {
            ScenarioReader.number(mapping, "scale", 1, 1, SCALE_MAX);
        }
        return variables;
    }

    private SetupSpec setup(Fields fields) {
        SetupSpec setup = new SetupSpec(text(fields, "schema"), text(fields, "data"));
        fields.refuseOthers();
        return setup;
    }

    private String text(Fields fields, String key) {
        String inline = fields.text(key + "-sql", " ");
        String path = fields.text(key, " ").strip();
        if (!inline.isBlank() && !path.isEmpty()) {
            fields.report(fields.lineOf(key), key, "give \"" + key + "\" or \"" + key + "-sql\", not both");
        }
        if (path.isEmpty()) {
            return inline.isBlank() ? "" : inline;
        }
        return OF_PG_DUMP.matcher(content(fields, key, path)).replaceAll("");
    }

    private static List<ApplicationSpec> applications(Fields fields) {
        List<ApplicationSpec> applications = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Node> items = fields.items("applications");
        for (int i = 0; i < items.size(); i++) {
            Fields item = fields.item("applications", i, items.get(i));
            ApplicationSpec application = application(item);
            if (!names.add(application.name())) {
                item.report(item.line(), "name", "\"" + application.name() + "\" is used twice");
            }
            applications.add(application);
        }
        if (applications.isEmpty()) {
            applications.add(new ApplicationSpec("web-1", "shop_web", 20, Duration.ZERO, Duration.ZERO, Duration.ZERO));
        }
        return applications;
    }

    private static ApplicationSpec application(Fields fields) {
        String name = fields.text("name", null);
        String role = ScenarioReader.choice(fields, "role", List.of("shop_web", "shop_batch"));
        int connections = (int) ScenarioReader.number(fields, "connections", 20, 1, CONNECTIONS_MAX);
        Duration pauseDelay = ScenarioReader.duration(fields, "pause-delay", "0s");
        Duration switchDelay = ScenarioReader.duration(fields, "switch-delay", "0s");
        Duration lifetime = ScenarioReader.duration(fields, "lifetime", "0s");
        fields.refuseOthers();
        return new ApplicationSpec(name, role, connections, pauseDelay, switchDelay, lifetime);
    }
}

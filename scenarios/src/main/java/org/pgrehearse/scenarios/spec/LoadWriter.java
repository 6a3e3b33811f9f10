package org.pgrehearse.scenarios.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pgrehearse.scenarios.spec.Scenario.ApplicationSpec;
import org.pgrehearse.scenarios.spec.Scenario.LoadSpec;
import org.pgrehearse.scenarios.spec.Scenario.ScriptSpec;

/** Writes the load of a scenario, with the texts of its scripts in place of their files. */
final class LoadWriter {
    private LoadWriter() {}

    static Map<String, Object> write(LoadSpec spec) {
        Map<String, Object> load = new LinkedHashMap<>();
        load.put("rate", Units.rateText(spec.ratePerSecond()));
        if (!spec.curve().points().isEmpty()) {
            load.put(
                    "rates",
                    spec.curve().points().stream()
                            .map(point ->
                                    Map.of("at", Units.text(point.at()), "rate", Units.rateText(point.perSecond())))
                            .toList());
            load.put("between", spec.curve().ramps() ? "ramps" : "steps");
            load.put("repeat", spec.curve().repeat() ? "yes" : "no");
        }
        if (!spec.scripts().isEmpty()) {
            load.put("scripts", spec.scripts().stream().map(LoadWriter::script).toList());
        }
        load.put("mode", spec.mode().name().toLowerCase(Locale.ROOT));
        load.put("isolation", spec.isolation().label());
        load.put("retry", spec.retry().label());
        if (!spec.variables().isEmpty()) {
            load.put("variables", spec.variables());
        }
        if (spec.replay().present()) {
            load.put("replay", spec.replay().file());
            load.put("speed", spec.replay().speed());
        }
        Map<String, Object> setup = new LinkedHashMap<>();
        putText(setup, "schema-sql", spec.setup().schema());
        putText(setup, "data-sql", spec.setup().data());
        if (!setup.isEmpty()) {
            load.put("setup", setup);
        }
        load.put("applications", applications(spec));
        return load;
    }

    private static void putText(Map<String, Object> into, String key, String text) {
        if (!text.isEmpty()) {
            into.put(key, text);
        }
    }

    private static Map<String, Object> script(ScriptSpec script) {
        Map<String, Object> one = new LinkedHashMap<>();
        if (script.builtin().isEmpty()) {
            one.put("name", script.name());
            one.put("sql", script.sql());
            one.put("wrap", script.wrap() ? "yes" : "no");
            putText(one, "keys-of", script.keysOf());
        } else {
            one.put("builtin", script.builtin());
        }
        if (script.job()) {
            one.put("every", Units.text(script.every()));
        } else {
            one.put("weight", script.weight());
        }
        script.isolation().ifPresent(level -> one.put("isolation", level.label()));
        return one;
    }

    private static List<Map<String, Object>> applications(LoadSpec spec) {
        List<Map<String, Object>> applications = new ArrayList<>();
        for (ApplicationSpec application : spec.applications()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", application.name());
            one.put("role", application.role());
            one.put("connections", application.connections());
            one.put("pause-delay", Units.text(application.pauseDelay()));
            one.put("switch-delay", Units.text(application.switchDelay()));
            one.put("lifetime", Units.text(application.lifetime()));
            applications.add(one);
        }
        return applications;
    }
}

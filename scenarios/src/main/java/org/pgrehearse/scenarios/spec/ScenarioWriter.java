package org.pgrehearse.scenarios.spec;

import java.util.LinkedHashMap;
import java.util.Map;
import org.pgrehearse.scenarios.environment.PoolerPlan;
import org.pgrehearse.scenarios.spec.Scenario.EnvironmentSpec;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;
import org.pgrehearse.scenarios.spec.Scenario.Timing;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes a scenario with every default spelled out, so that {@link ScenarioReader} reads the same one back. */
public final class ScenarioWriter {
    private ScenarioWriter() {}

    /** The scenario as YAML. */
    public static String write(Scenario scenario) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("name", scenario.name());
        if (!scenario.description().isEmpty()) {
            root.put("description", scenario.description());
        }
        root.put("environment", environment(scenario.environment()));
        root.put(
                "dataset",
                Map.of(
                        "name",
                        scenario.dataset().name(),
                        "orders",
                        scenario.dataset().orders()));
        root.put("load", LoadWriter.write(scenario.load()));
        if (scenario.promises().any()) {
            root.put("promises", PromiseReader.write(scenario.promises()));
        }
        root.put(
                "sentinel",
                Map.of(
                        "every",
                        Units.text(scenario.sentinel().interval()),
                        "fresh",
                        "1/" + scenario.sentinel().freshOneIn()));
        root.put("warm-up", Units.text(scenario.warmUp()));
        root.put("cool-down", Units.text(scenario.coolDown()));
        root.put("migration", scenario.migration());
        root.put(
                "runbook",
                scenario.runbook().stream().map(ScenarioWriter::stage).toList());
        root.put("guard", scenario.guards().stream().map(GuardSpec::text).toList());
        root.put("faults", scenario.faults().stream().map(ScenarioWriter::fault).toList());
        root.put("expect", scenario.expectations());
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings).dumpToString(root);
    }

    private static Map<String, Object> environment(EnvironmentSpec environment) {
        Map<String, Object> map = servers(environment);
        PoolerPlan own = environment.ownPooler();
        if (own != null) {
            Map<String, Object> commands = new LinkedHashMap<>();
            commands.put("command", own.command());
            putUnlessEmpty(commands, "pause", own.pause());
            putUnlessEmpty(commands, "repoint", own.repoint());
            putUnlessEmpty(commands, "resume", own.resume());
            map.put("pooler", commands);
        }
        return map;
    }

    private static void putUnlessEmpty(Map<String, Object> map, String key, String value) {
        if (!value.isEmpty()) {
            map.put(key, value);
        }
    }

    private static Map<String, Object> servers(EnvironmentSpec environment) {
        if (environment.docker() != null) {
            return DockerReader.write(environment.docker());
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("kind", environment.kind());
        Scenario.ExternalSpec external = environment.external();
        if (external != null) {
            map.put("source", external.source());
            map.put("target", external.target());
            if (!external.proxyHost().isEmpty()) {
                map.put("proxy-host", external.proxyHost());
            }
            map.put("production", external.production() ? EnvironmentReader.PRODUCTION : "no");
            return map;
        }
        map.put("source", environment.source());
        map.put("target", environment.alone() ? EnvironmentReader.NO_TARGET : environment.target());
        if (!environment.pooler().isEmpty()) {
            map.put("pooler", environment.pooler());
        }
        return map;
    }

    private static Map<String, Object> stage(Stage stage) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("phase", stage.phase());
        one.put("steps", stage.steps().stream().map(ScenarioWriter::step).toList());
        return one;
    }

    private static Object step(StepSpec step) {
        Map<String, Object> keys = new LinkedHashMap<>(step.arguments().values());
        keys.putAll(step.arguments().lists());
        if (step.deadline() != null) {
            keys.put("deadline", Units.text(step.deadline()));
        }
        if (!step.back().isEmpty()) {
            keys.put("back", step.back().stream().map(ScenarioWriter::step).toList());
        }
        return keys.isEmpty() ? step.step() : Map.of(step.step(), keys);
    }

    private static Map<String, Object> fault(FaultSpec fault) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", fault.name());
        one.put("fault", fault.fault());
        one.putAll(fault.arguments().values());
        one.put("on", fault.places());
        Timing timing = fault.timing();
        if (timing.during() != null) {
            one.put("during", timing.during());
        }
        if (!timing.when().isEmpty()) {
            one.put("when", timing.when().conditions());
        }
        String after = Units.text(timing.after());
        one.put(
                "after",
                timing.window().isZero()
                        ? after
                        : after + ".." + Units.text(timing.after().plus(timing.window())));
        if (timing.lasts() != null) {
            one.put("for", Units.text(timing.lasts()));
        }
        if (!timing.until().isEmpty()) {
            one.put("until", timing.until().conditions());
        }
        if (timing.times() > 1) {
            one.put("times", timing.times());
            one.put("every", Units.text(timing.every()));
        }
        return one;
    }
}

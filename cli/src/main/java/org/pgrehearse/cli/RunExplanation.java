package org.pgrehearse.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.DockerPlan;
import org.pgrehearse.scenarios.migration.MigrationSystem;
import org.pgrehearse.scenarios.migration.Step;
import org.pgrehearse.scenarios.spec.GuardSpec;
import org.pgrehearse.scenarios.spec.Scenario;
import org.pgrehearse.scenarios.spec.Scenario.ExternalSpec;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;
import org.pgrehearse.scenarios.spec.Units;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.json.JsonMapper;

/** What {@code run --explain} prints: the servers and the steps of a scenario as data. */
final class RunExplanation {
    private static final int LINE_MAX = 1 << 20;
    private static final DumpSettings YAML = DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setWidth(LINE_MAX)
            .build();

    private RunExplanation() {}

    /** The same data as YAML, or as JSON on one line. */
    static String text(Scenario scenario, Format format) {
        return switch (format) {
            case TEXT -> new Dump(YAML).dumpToString(data(scenario));
            case JSON -> JsonMapper.shared().writeValueAsString(data(scenario));
        };
    }

    private static Map<String, Object> data(Scenario scenario) {
        MigrationSystem system = MigrationSystem.named(scenario.migration())
                .orElseThrow(() -> new IllegalStateException("a checked scenario names no system"));
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("scenario", scenario.name());
        data.put("servers", servers(scenario));
        data.put("migration", scenario.migration());
        data.put(
                "guards",
                new ArrayList<>(scenario.guards().stream().map(GuardSpec::text).toList()));
        List<Map<String, Object>> steps = new ArrayList<>();
        for (Stage stage : scenario.runbook()) {
            for (StepSpec spec : stage.steps()) {
                Map<String, Object> step = new LinkedHashMap<>();
                step.put("phase", stage.phase());
                step.putAll(step(system, spec));
                steps.add(step);
            }
        }
        data.put("steps", steps);
        return data;
    }

    private static List<Map<String, Object>> servers(Scenario scenario) {
        List<Map<String, Object>> servers = new ArrayList<>();
        servers.add(server(scenario, "source", scenario.environment().source()));
        servers.add(server(scenario, "target", scenario.environment().target()));
        return servers;
    }

    private static Map<String, Object> server(Scenario scenario, String side, int major) {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("side", side);
        server.put("environment", scenario.environment().kind());
        ExternalSpec external = scenario.environment().external();
        DockerPlan containers = scenario.environment().docker();
        if (external != null) {
            server.put("at", side.equals("source") ? external.source() : external.target());
        } else if (containers != null) {
            Side which = side.equals("source") ? Side.SOURCE : Side.TARGET;
            server.put("image", containers.container(which).image());
        } else {
            server.put("postgresql", major);
        }
        return server;
    }

    private static Map<String, Object> step(MigrationSystem system, StepSpec spec) {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("step", spec.step());
        Map<String, Object> arguments = new LinkedHashMap<>(spec.arguments().values());
        arguments.putAll(spec.arguments().lists());
        if (spec.deadline() != null) {
            arguments.put("deadline", Units.text(spec.deadline()));
        }
        step.put("arguments", arguments);
        step.put("does", system.step(spec.step()).map(Step::shape).orElseThrow().description());
        step.put("back", spec.back().stream().map(back -> step(system, back)).toList());
        return step;
    }
}

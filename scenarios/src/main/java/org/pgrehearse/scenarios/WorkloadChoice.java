package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;
import org.pgrehearse.scenarios.script.InvalidScript;
import org.pgrehearse.scenarios.script.Script;
import org.pgrehearse.scenarios.script.Value;
import org.pgrehearse.scenarios.spec.Scenario.LoadSpec;
import org.pgrehearse.scenarios.spec.Scenario.ScriptSpec;
import org.pgrehearse.scenarios.workload.Blend;
import org.pgrehearse.scenarios.workload.Builtin;
import org.pgrehearse.scenarios.workload.Scripts;
import org.pgrehearse.scenarios.workload.Shop;
import org.pgrehearse.scenarios.workload.ShopMix;
import org.pgrehearse.scenarios.workload.Workload;

/** What a scenario's load runs. */
final class WorkloadChoice {
    private WorkloadChoice() {}

    /** The shop, or the scripts that have a share of the load; remarks which cannot be looked after. */
    static Workload of(LoadSpec load, Connection source, Recorder recorder) throws SQLException {
        List<Blend.Part> parts = new ArrayList<>();
        for (ScriptSpec spec : load.scripts()) {
            if (!spec.job()) {
                parts.add(new Blend.Part(one(spec, load, source, recorder), spec.weight()));
            }
        }
        return parts.isEmpty() ? Shop.on(source, ShopMix.usual()) : new Blend(parts);
    }

    /** The jobs, each with the time from one run to the next. */
    static Map<Workload, Duration> jobs(LoadSpec load, Connection source, Recorder recorder) throws SQLException {
        Map<Workload, Duration> jobs = new LinkedHashMap<>();
        for (ScriptSpec spec : load.scripts()) {
            if (spec.job()) {
                jobs.put(one(spec, load, source, recorder), spec.every());
            }
        }
        return jobs;
    }

    private static Workload one(ScriptSpec spec, LoadSpec load, Connection source, Recorder recorder)
            throws SQLException {
        if (spec.builtin().equals(Builtin.SHOP.label())) {
            return Shop.on(source, ShopMix.usual());
        }
        Map<String, Value> definitions = new HashMap<>(Map.of("scale", Value.of(1L)));
        load.variables().forEach((name, text) -> definitions.put(name, Value.of(text)));
        List<Blend.Part> parts = new ArrayList<>();
        for (Builtin.Part part : parts(spec)) {
            Scripts scripts = Scripts.of(script(part), spec.wrap(), load.mode(), definitions)
                    .keysOf(part.keysOf());
            if (!scripts.doubt().isEmpty()) {
                recorder.record(new Event.Remark(recorder.nowNanos(), scripts.doubt()));
            }
            parts.add(new Blend.Part(spec.isolation().map(scripts::at).orElse(scripts), part.weight()));
        }
        return new Blend(parts);
    }

    private static List<Builtin.Part> parts(ScriptSpec spec) {
        return Builtin.named(spec.builtin())
                .map(Builtin::parts)
                .orElse(List.of(new Builtin.Part(spec.name(), spec.sql(), 1, spec.keysOf())));
    }

    private static Script script(Builtin.Part part) {
        try {
            return Script.parse(part.name(), part.script());
        } catch (InvalidScript e) {
            throw new IllegalStateException("a checked scenario holds a script that cannot be read", e);
        }
    }
}

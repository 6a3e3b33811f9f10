package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
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

    /** The shop, or the scripts with their weights; remarks which scripts cannot be looked after. */
    static Workload of(LoadSpec load, Connection source, Recorder recorder) throws SQLException {
        if (load.scripts().isEmpty()) {
            return Shop.on(source, ShopMix.usual());
        }
        Map<String, Value> definitions = new HashMap<>(Map.of("scale", Value.of(1L)));
        load.variables().forEach((name, text) -> definitions.put(name, Value.of(text)));
        List<Blend.Part> parts = new ArrayList<>();
        for (ScriptSpec spec : load.scripts()) {
            if (spec.builtin().equals(Builtin.SHOP.label())) {
                parts.add(new Blend.Part(Shop.on(source, ShopMix.usual()), spec.weight()));
            } else {
                Scripts scripts = Scripts.of(script(spec), spec.wrap(), load.mode(), definitions)
                        .keysOf(Builtin.named(spec.builtin())
                                .map(Builtin::keysOf)
                                .orElse(spec.keysOf()));
                if (!scripts.doubt().isEmpty()) {
                    recorder.record(new Event.Remark(recorder.nowNanos(), scripts.doubt()));
                }
                parts.add(new Blend.Part(scripts, spec.weight()));
            }
        }
        return new Blend(parts);
    }

    private static Script script(ScriptSpec spec) {
        String text = Builtin.named(spec.builtin()).map(Builtin::script).orElse(spec.sql());
        try {
            return Script.parse(spec.name(), text);
        } catch (InvalidScript e) {
            throw new IllegalStateException("a checked scenario holds a script that cannot be read", e);
        }
    }
}

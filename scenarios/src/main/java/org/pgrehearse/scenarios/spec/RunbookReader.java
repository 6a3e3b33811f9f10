package org.pgrehearse.scenarios.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.StepSpec;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads the parts of a scenario that are written in the words of a migration system: its runbook and its faults. */
final class RunbookReader {
    /** Where a network fault can be put: one fixed proxy for each. */
    static final List<String> PLACES =
            List.of("source", "target", "replication", "reverse-replication", "migration", "migration-target");

    /** Every step has one; steps that wait for something take it as an argument. */
    private static final String DEADLINE = "deadline";

    private final Map<String, Shape> steps;
    private final Map<String, Shape> faults;
    private final BiFunction<String, Arguments, Optional<String>> faultProblem;

    RunbookReader(Vocabulary vocabulary, String migration) {
        this.steps = byName(vocabulary.systems().getOrDefault(migration, List.of()));
        this.faults = byName(vocabulary.faults());
        this.faultProblem = vocabulary.faultProblem();
    }

    private static Map<String, Shape> byName(List<Shape> shapes) {
        Map<String, Shape> byName = new LinkedHashMap<>();
        shapes.forEach(shape -> byName.put(shape.name(), shape));
        return byName;
    }

    List<Stage> runbook(Fields fields) {
        List<Stage> stages = new ArrayList<>();
        Set<String> phases = new HashSet<>();
        List<Node> items = fields.items("runbook");
        for (int i = 0; i < items.size(); i++) {
            Fields item = fields.item("runbook", i, items.get(i));
            String phase = item.text("phase", null);
            if (!phases.add(phase)) {
                item.report(item.line(), "phase", "\"" + phase + "\" is used twice");
            }
            stages.add(new Stage(phase, steps(item, "steps", true)));
            item.refuseOthers();
        }
        return stages;
    }

    /** The steps under a key; those of a way back have none themselves. */
    private List<StepSpec> steps(Fields above, String key, boolean withBack) {
        List<StepSpec> specs = new ArrayList<>();
        List<Node> items = above.items(key);
        for (int i = 0; i < items.size(); i++) {
            step(above, key + "[" + i + "]", items.get(i), withBack).ifPresent(specs::add);
        }
        return specs;
    }

    private Optional<StepSpec> step(Fields stage, String path, Node node, boolean withBack) {
        if (node instanceof ScalarNode name) {
            return arguments(stage, path, Fields.line(node), name.getValue(), null, withBack);
        }
        if (node instanceof MappingNode mapping && mapping.getValue().size() == 1) {
            NodeTuple tuple = mapping.getValue().getFirst();
            if (tuple.getKeyNode() instanceof ScalarNode name) {
                return arguments(stage, path, Fields.line(node), name.getValue(), tuple.getValueNode(), withBack);
            }
        }
        stage.report(Fields.line(node), path, "write \"- step\" or \"- step: {argument: value}\"");
        return Optional.empty();
    }

    private Optional<StepSpec> arguments(
            Fields stage, String path, int line, String name, @Nullable Node node, boolean withBack) {
        Shape shape = steps.get(name);
        if (shape == null) {
            stage.report(line, path, unknown("step", name, steps));
            return Optional.empty();
        }
        Fields fields = stage.below(path, node, line);
        Arguments arguments = arguments(fields, shape);
        Duration deadline = shape.takes(DEADLINE) ? null : deadline(fields);
        List<StepSpec> back = withBack ? steps(fields, "back", false) : List.of();
        fields.refuseOthers();
        return Optional.of(new StepSpec(name, arguments, deadline, back));
    }

    private static @Nullable Duration deadline(Fields fields) {
        return fields.text(DEADLINE, "").isEmpty() ? null : ScenarioReader.optionalDuration(fields, DEADLINE);
    }

    private static Arguments arguments(Fields fields, Shape shape) {
        Map<String, String> values = new LinkedHashMap<>();
        Map<String, List<String>> lists = new LinkedHashMap<>();
        for (Shape.Argument argument : shape.arguments()) {
            int line = fields.lineOf(argument.name());
            if (argument.kind().isList()) {
                list(fields, argument, lists);
                continue;
            }
            boolean needed = argument.preset().isEmpty() && !argument.mayBeAbsent();
            String text = fields.text(argument.name(), needed ? null : argument.preset());
            if (text.isEmpty()) {
                continue;
            }
            argument.kind().problem(text).ifPresent(problem -> fields.report(line, argument.name(), problem));
            if (!argument.words().isEmpty() && !argument.words().contains(text)) {
                fields.report(
                        line, argument.name(), "\"" + text + "\" is not one of " + String.join(", ", argument.words()));
            }
            values.put(argument.name(), text);
        }
        for (List<String> names : shape.alternatives()) {
            if (names.stream().filter(fields::has).count() != 1) {
                fields.report(fields.line(), "", "needs exactly one of " + String.join(", ", names));
            }
        }
        return new Arguments(values, lists);
    }

    private static void list(Fields fields, Shape.Argument argument, Map<String, List<String>> lists) {
        List<String> texts = fields.texts(argument.name());
        for (String text : texts) {
            argument.kind()
                    .problem(text)
                    .ifPresent(problem -> fields.report(fields.lineOf(argument.name()), argument.name(), problem));
        }
        if (!texts.isEmpty()) {
            lists.put(argument.name(), texts);
        } else if (fields.has(argument.name()) || !argument.mayBeAbsent()) {
            fields.report(fields.lineOf(argument.name()), argument.name(), "needs at least one text");
        }
    }

    private static boolean isSound(Shape shape, Arguments arguments) {
        return shape.arguments().stream().allMatch(argument -> {
            String text = arguments.values().get(argument.name());
            if (text == null) {
                return argument.mayBeAbsent() || argument.kind().isList();
            }
            return argument.kind().problem(text).isEmpty()
                    && (argument.words().isEmpty() || argument.words().contains(text));
        });
    }

    /** The guards of a scenario; a phase that one names must be one of the runbook's. */
    static List<GuardSpec> guards(Fields fields, List<Stage> runbook) {
        List<String> phases = runbook.stream().map(Stage::phase).toList();
        List<GuardSpec> guards = new ArrayList<>();
        List<String> lines = fields.texts("guard");
        for (int i = 0; i < lines.size(); i++) {
            Optional<GuardSpec> guard = GuardSpec.parse(lines.get(i));
            String key = "guard[" + i + "]";
            int line = fields.lineOf("guard");
            if (guard.isEmpty()) {
                fields.report(line, key, "\"" + lines.get(i) + "\" is not " + GuardSpec.example());
            } else if (!guard.get().phase().isEmpty()
                    && !phases.contains(guard.get().phase())) {
                fields.report(
                        line, key, "the runbook has no phase \"" + guard.get().phase() + "\"");
            }
            guard.ifPresent(guards::add);
        }
        return guards;
    }

    List<FaultSpec> faults(Fields fields, List<Stage> runbook) {
        List<FaultSpec> specs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        List<Node> items = fields.items("faults");
        TimingReader timings = new TimingReader(runbook, items);
        for (int i = 0; i < items.size(); i++) {
            Fields item = fields.item("faults", i, items.get(i));
            FaultSpec spec = fault(item, timings);
            if (!names.add(spec.name())) {
                item.report(item.line(), "name", "\"" + spec.name() + "\" is used twice");
            }
            specs.add(spec);
            item.refuseOthers();
        }
        return specs;
    }

    private FaultSpec fault(Fields fields, TimingReader timings) {
        String name = fields.text("name", null);
        int line = fields.lineOf("fault");
        String kind = fields.text("fault", null);
        Shape shape = faults.get(kind);
        if (shape == null && !kind.isEmpty()) {
            fields.report(line, "fault", unknown("fault", kind, faults));
        }
        Arguments arguments = shape == null ? Arguments.none() : arguments(fields, shape);
        if (shape != null && isSound(shape, arguments)) {
            faultProblem.apply(kind, arguments).ifPresent(problem -> fields.report(line, "fault", problem));
        }
        List<String> known = shape == null || shape.places().isEmpty() ? PLACES : shape.places();
        List<String> places = fields.texts("on");
        for (String place : places) {
            if (!known.contains(place)) {
                fields.report(fields.lineOf("on"), "on", "\"" + place + "\" is not one of " + String.join(", ", known));
            }
        }
        if (places.isEmpty()) {
            fields.report(fields.lineOf("on"), "on", "names no place; write one of " + String.join(", ", known));
        }
        return new FaultSpec(name, kind, arguments, places, timings.timing(fields, name));
    }

    private static String unknown(String noun, String name, Map<String, Shape> known) {
        String hint = Nearest.to(name, known.keySet())
                .map(near -> "did you mean \"" + near + "\"?")
                .orElse("known: " + String.join(", ", known.keySet()));
        return "\"" + name + "\" is not a known " + noun + "; " + hint;
    }
}

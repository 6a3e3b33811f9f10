package org.pgrehearse.scenarios.spec;

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
    static final List<String> PLACES = List.of("source", "target", "replication", "reverse-replication");

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
            stages.add(new Stage(phase, steps(item)));
            item.refuseOthers();
        }
        return stages;
    }

    private List<StepSpec> steps(Fields stage) {
        List<StepSpec> specs = new ArrayList<>();
        List<Node> items = stage.items("steps");
        for (int i = 0; i < items.size(); i++) {
            step(stage, i, items.get(i)).ifPresent(specs::add);
        }
        return specs;
    }

    private Optional<StepSpec> step(Fields stage, int index, Node node) {
        String path = "steps[" + index + "]";
        if (node instanceof ScalarNode name) {
            return arguments(stage, path, Fields.line(node), name.getValue(), null);
        }
        if (node instanceof MappingNode mapping && mapping.getValue().size() == 1) {
            NodeTuple tuple = mapping.getValue().getFirst();
            if (tuple.getKeyNode() instanceof ScalarNode name) {
                return arguments(stage, path, Fields.line(node), name.getValue(), tuple.getValueNode());
            }
        }
        stage.report(Fields.line(node), path, "write \"- step\" or \"- step: {argument: value}\"");
        return Optional.empty();
    }

    private Optional<StepSpec> arguments(Fields stage, String path, int line, String name, @Nullable Node node) {
        Shape shape = steps.get(name);
        if (shape == null) {
            stage.report(line, path, unknown("step", name, steps));
            return Optional.empty();
        }
        Fields fields = stage.below(path, node, line);
        Arguments arguments = arguments(fields, shape);
        fields.refuseOthers();
        return Optional.of(new StepSpec(name, arguments));
    }

    private static Arguments arguments(Fields fields, Shape shape) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Shape.Argument argument : shape.arguments()) {
            int line = fields.lineOf(argument.name());
            String text = fields.text(argument.name(), argument.preset().isEmpty() ? null : argument.preset());
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
        return new Arguments(values);
    }

    private static boolean isSound(Shape shape, Arguments arguments) {
        return shape.arguments().stream().allMatch(argument -> {
            String text = arguments.values().get(argument.name());
            return text != null
                    && argument.kind().problem(text).isEmpty()
                    && (argument.words().isEmpty() || argument.words().contains(text));
        });
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

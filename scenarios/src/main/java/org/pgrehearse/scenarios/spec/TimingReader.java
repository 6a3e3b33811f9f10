package org.pgrehearse.scenarios.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.spec.Scenario.Occasion;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.spec.Scenario.Timing;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Reads when a fault is there, and checks it against the runbook and the other faults. */
final class TimingReader {
    private static final int TIMES_MAX = 1000;
    private static final String WARM_UP = "warm-up";

    private final Set<String> steps = new HashSet<>();
    private final Set<String> phases = new HashSet<>(Set.of(WARM_UP));
    private final Set<String> faults = new HashSet<>();

    TimingReader(List<Stage> runbook, List<Node> faults) {
        for (Stage stage : runbook) {
            phases.add(stage.phase());
            stage.steps().forEach(step -> steps.add(step.step()));
        }
        faults.forEach(fault -> name(fault).ifPresent(this.faults::add));
    }

    private static Optional<String> name(Node fault) {
        if (fault instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals("name")
                        && tuple.getValueNode() instanceof ScalarNode value) {
                    return Optional.of(value.getValue());
                }
            }
        }
        return Optional.empty();
    }

    Timing timing(Fields fields, String fault) {
        String during = during(fields);
        Occasion when = occasion(fields, "when", fault);
        if (during != null && !when.isEmpty()) {
            fields.report(fields.lineOf("when"), "when", "give \"during\" or \"when\", not both");
        }
        Units.Window after = fields.value(
                "after",
                new Units.Window(Duration.ZERO, Duration.ZERO),
                Units::window,
                "a duration such as 500ms, or a window such as 1s..8s");
        Duration lasts = ScenarioReader.optionalDuration(fields, "for");
        Occasion until = occasion(fields, "until", fault);
        if (lasts != null && !until.isEmpty()) {
            fields.report(fields.lineOf("until"), "until", "give \"for\" or \"until\", not both");
        }
        int times = fields.value(
                "times",
                1,
                text -> ArgumentKind.POSITIVE.accepts(text)
                        ? Optional.of(Long.valueOf(text))
                                .filter(n -> n <= TIMES_MAX)
                                .map(Long::intValue)
                        : Optional.empty(),
                "a whole number from 1 to " + TIMES_MAX);
        Duration every = ScenarioReader.duration(fields, "every", "0s");
        if (times > 1 && (lasts == null || lasts.compareTo(every) >= 0)) {
            fields.report(fields.lineOf("times"), "times", "needs \"every\", and a \"for\" that is shorter");
        }
        if (times == 1 && fields.has("every")) {
            fields.report(fields.lineOf("every"), "every", "needs \"times\" above 1");
        }
        return new Timing(during, when, after.from(), after.to().minus(after.from()), lasts, until, times, every);
    }

    private @Nullable String during(Fields fields) {
        if (!fields.has("during")) {
            fields.value("during", "", Optional::of, "");
            return null;
        }
        String step = fields.text("during", "");
        if (!step.isEmpty() && !steps.contains(step)) {
            fields.report(fields.lineOf("during"), "during", "the runbook has no step \"" + step + "\"");
        }
        return step;
    }

    /** A mapping of conditions; {@code until} also takes a step's name alone. */
    private Occasion occasion(Fields fields, String key, String fault) {
        if (!fields.has(key)) {
            fields.value(key, "", Optional::of, "");
            return Occasion.NONE;
        }
        if (key.equals("until") && fields.isText(key)) {
            String step = fields.text(key, "");
            if (!step.isEmpty() && !steps.contains(step)) {
                fields.report(fields.lineOf(key), key, "the runbook has no step \"" + step + "\"");
            }
            return new Occasion(Map.of(Occasion.STEP, step));
        }
        Fields mapping = fields.mapping(key);
        Map<String, String> conditions = new LinkedHashMap<>();
        for (Condition condition : Condition.values()) {
            String word = condition.word();
            String value = mapping.text(word, " ");
            if (mapping.has(word) && !value.isBlank()) {
                conditions.put(word, value);
                problem(condition, value, fault).ifPresent(p -> mapping.report(mapping.lineOf(word), word, p));
            }
        }
        if (conditions.isEmpty()) {
            String words = String.join(
                    ", ", Arrays.stream(Condition.values()).map(Condition::word).toList());
            mapping.report(mapping.line(), "", "names no condition; known: " + words);
        }
        mapping.refuseOthers();
        return new Occasion(conditions);
    }

    private Optional<String> problem(Condition condition, String value, String fault) {
        return switch (condition.takes()) {
            case STEP -> missing(steps, value, "the runbook has no step");
            case PHASE -> missing(phases, value, "the runbook has no phase");
            case FAULT ->
                value.equals(fault)
                        ? Optional.of("the fault cannot wait for itself")
                        : missing(faults, value, "there is no fault");
            case SHARE -> wrong(Units.percent(value), value, "a share such as 50%");
            case BYTES -> wrong(Units.bytes(value), value, "a size such as 64KiB or 1MiB");
            case DURATION -> wrong(Units.duration(value), value, "a duration such as 500ms, 3s or 2m");
            case NUMBER -> ArgumentKind.POSITIVE.problem(value);
            case POSITION -> wrong(Units.lsn(value), value, "a position such as 0/3000060");
        };
    }

    private static Optional<String> missing(Set<String> known, String value, String sentence) {
        return known.contains(value) ? Optional.empty() : Optional.of(sentence + " \"" + value + "\"");
    }

    private static Optional<String> wrong(Optional<?> parsed, String value, String example) {
        return parsed.isPresent() ? Optional.empty() : Optional.of("\"" + value + "\" is not " + example);
    }
}

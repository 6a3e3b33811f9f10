package org.pgrehearse.scenarios.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.spec.Scenario.DatasetSpec;
import org.pgrehearse.scenarios.spec.Scenario.EnvironmentSpec;
import org.pgrehearse.scenarios.spec.Scenario.LoadSpec;
import org.pgrehearse.scenarios.spec.Scenario.SentinelSpec;
import org.pgrehearse.scenarios.spec.Scenario.Stage;
import org.pgrehearse.scenarios.workload.PromiseSpec;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a scenario from YAML 1.2. All problems of a file are reported together, each with its line and key. */
public final class ScenarioReader {
    private static final long ORDERS_MAX = 100_000_000;
    private static final Duration INTERVAL_MIN = Duration.ofMillis(1);

    private final Vocabulary vocabulary;

    /** Takes the words that files may use. */
    public ScenarioReader(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * Reads one scenario.
     *
     * @param file name for messages
     * @throws InvalidScenario with everything that is wrong
     */
    public Scenario read(String file, String yaml) throws InvalidScenario {
        List<Problem> problems = new ArrayList<>();
        Optional<Node> root = compose(file, yaml);
        if (root.isEmpty()) {
            throw new InvalidScenario(List.of(new Problem(file, 1, "", "holds no scenario")));
        }
        Scenario scenario = scenario(new Fields(file, "", root.get(), 1, problems), problems, file);
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(Problem::line));
            throw new InvalidScenario(problems);
        }
        return scenario;
    }

    /**
     * Reads an environment alone, as it stands below {@code environment} in a scenario.
     *
     * @param file name for messages
     * @throws InvalidScenario with everything that is wrong
     */
    public static EnvironmentSpec readEnvironment(String file, String yaml) throws InvalidScenario {
        List<Problem> problems = new ArrayList<>();
        Node root = compose(file, yaml)
                .orElseThrow(() -> new InvalidScenario(List.of(new Problem(file, 1, "", "holds no environment"))));
        EnvironmentSpec environment = EnvironmentReader.read(new Fields(file, "", root, 1, problems));
        if (!problems.isEmpty()) {
            problems.sort(Comparator.comparingInt(Problem::line));
            throw new InvalidScenario(problems);
        }
        return environment;
    }

    private static Optional<Node> compose(String file, String yaml) throws InvalidScenario {
        LoadSettings settings =
                LoadSettings.builder().setUseMarks(true).setLabel(file).build();
        try {
            return new Compose(settings).composeString(yaml);
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(Mark::getLine).orElse(0) + 1;
            throw new InvalidScenario(List.of(new Problem(file, line, "", "is not YAML: " + e.getProblem())));
        } catch (YamlEngineException e) {
            throw new InvalidScenario(List.of(new Problem(file, 1, "", "is not YAML: " + e.getMessage())));
        }
    }

    private Scenario scenario(Fields fields, List<Problem> problems, String file) {
        String name = fields.text("name", null);
        String description = fields.text("description", "");
        EnvironmentSpec environment = EnvironmentReader.read(fields.mapping("environment"));
        DatasetSpec dataset = dataset(fields.mapping("dataset"));
        LoadSpec load = new LoadReader(file).load(fields.mapping("load"));
        PromiseSpec promises = PromiseReader.read(fields.mapping("promises"));
        SentinelSpec sentinel = sentinel(fields.mapping("sentinel"));
        Duration warmUp = duration(fields, "warm-up", "5s");
        Duration coolDown = duration(fields, "cool-down", "5s");
        String migration = migration(fields);
        RunbookReader runbookReader = new RunbookReader(vocabulary, migration);
        List<Stage> runbook = runbookReader.runbook(fields);
        List<GuardSpec> guards = RunbookReader.guards(fields, runbook);
        List<Scenario.FaultSpec> faults = runbookReader.faults(fields, runbook);
        List<String> expectations = expectations(fields, problems, file);
        if (environment.alone()) {
            int line = fields.lineOf("environment");
            OneServer.problems(migration, runbook, guards, faults, expectations)
                    .forEach(problem -> fields.report(line, "environment", problem));
        }
        fields.refuseOthers();
        return new Scenario(
                name,
                description,
                environment,
                dataset,
                load,
                promises,
                sentinel,
                warmUp,
                coolDown,
                migration,
                runbook,
                guards,
                faults,
                expectations);
    }

    private static DatasetSpec dataset(Fields fields) {
        String name = choice(fields, "name", List.of("shop"));
        long orders = number(fields, "orders", 100_000, 100, ORDERS_MAX);
        fields.refuseOthers();
        return new DatasetSpec(name, orders);
    }

    private static SentinelSpec sentinel(Fields fields) {
        Duration interval = fields.value(
                "every",
                Duration.ofMillis(10),
                text -> Units.duration(text).filter(d -> d.compareTo(INTERVAL_MIN) >= 0),
                "a duration of at least 1ms, such as 10ms");
        int fresh = fields.value("fresh", 10, Units::share, "a share such as 1/10");
        fields.refuseOthers();
        return new SentinelSpec(interval, fresh);
    }

    private String migration(Fields fields) {
        int line = fields.lineOf("migration");
        String migration = fields.text("migration", "none");
        if (!vocabulary.systems().containsKey(migration)) {
            fields.report(
                    line,
                    "migration",
                    "\"" + migration + "\" is not a migration system; known: "
                            + String.join(", ", vocabulary.systems().keySet()));
        }
        return migration;
    }

    private List<String> expectations(Fields fields, List<Problem> problems, String file) {
        List<Node> items = fields.items("expect");
        List<String> lines = fields.texts("expect");
        List<String> wrong = vocabulary.expectationProblems().apply(lines);
        for (int i = 0; i < wrong.size(); i++) {
            if (!wrong.get(i).isEmpty()) {
                int line = i < items.size() ? Fields.line(items.get(i)) : fields.lineOf("expect");
                problems.add(new Problem(file, line, "expect[" + i + "]", wrong.get(i)));
            }
        }
        if (lines.isEmpty()) {
            fields.report(
                    fields.lineOf("expect"),
                    "expect",
                    "needs at least one expectation, such as \"lost-writes = 0\": without any, nothing is proven");
        }
        return lines;
    }

    static Duration duration(Fields fields, String key, String preset) {
        return fields.value(
                key, Units.duration(preset).orElseThrow(), Units::duration, "a duration such as 500ms, 3s or 2m");
    }

    static @Nullable Duration optionalDuration(Fields fields, String key) {
        return fields.has(key) ? duration(fields, key, "0s") : null;
    }

    static long number(Fields fields, String key, long preset, long min, long max) {
        return fields.value(
                key,
                preset,
                text -> ArgumentKind.NUMBER.accepts(text)
                        ? Optional.of(Long.valueOf(text)).filter(n -> n >= min && n <= max)
                        : Optional.empty(),
                "a whole number from " + min + " to " + max);
    }

    static String choice(Fields fields, String key, List<String> words) {
        return fields.value(
                key,
                words.getFirst(),
                text -> Optional.of(text).filter(words::contains),
                "one of " + String.join(", ", words));
    }
}

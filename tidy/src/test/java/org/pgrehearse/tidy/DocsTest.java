package org.pgrehearse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.RehearsalWords;
import org.pgrehearse.scenarios.spec.Catalogue;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.spec.Scenario.FaultSpec;
import org.pgrehearse.scenarios.spec.ScenarioReader;
import org.pgrehearse.scenarios.spec.Shape;
import org.pgrehearse.scenarios.spec.Vocabulary;

/** What the docs say about files, commands and names is so. */
final class DocsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]*))?\\)");
    private static final String AROUND_A_FAULT = """
            name: example
            migration: logical-replication
            runbook:
              - phase: catch-up
                steps: [create-subscription, wait-for-copy]
              - phase: cutover
                steps: [catch-up, switch]
            expect: [lost-writes = 0]
            """;

    private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern IN_CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern TEST_NAME = Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT))`");

    @Test
    void links_lead_to_documents_and_sections_that_exist() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Sources.text(document));
            while (link.find()) {
                Path to = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
                if (!Files.exists(to) || (link.group(2) != null && !sections(to).contains(link.group(2)))) {
                    broken.add(Sources.root().relativize(document) + " -> " + link.group());
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    /** The anchors that headings get where the documents are shown. */
    private static Set<String> sections(Path document) {
        return Sources.text(document)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\p{L}0-9_ -]", "").replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void tests_that_documents_name_exist() throws IOException {
        List<String> names = Sources.java().stream()
                .map(file -> file.getFileName().toString().replace(".java", ""))
                .toList();
        List<String> missing = new ArrayList<>();
        for (Path document : documents()) {
            Matcher name = TEST_NAME.matcher(Sources.text(document));
            while (name.find()) {
                if (!names.contains(name.group(1))) {
                    missing.add(Sources.root().relativize(document) + " names " + name.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void the_two_commands_of_the_readme_are_those_that_ci_runs() {
        String readme = Sources.text(Sources.root().resolve("README.md"));
        String ci = Sources.text(Sources.root().resolve(".ci/run"));
        assertThat(readme)
                .contains("```\n./pgrehearse run logical-cutover\n```")
                .contains("```\nmvn verify\n```");
        assertThat(ci).contains("\nrehearse logical-cutover 0\n").containsPattern("\nmvn -B verify( -[^\n]*)?\n");
    }

    @Test
    void every_step_fault_and_expectation_is_documented_with_its_arguments() {
        String language = Sources.text(Sources.root().resolve("docs/scenarios.md"));
        List<String> missing = new ArrayList<>();
        Vocabulary vocabulary = RehearsalWords.vocabulary();
        Stream.concat(vocabulary.systems().values().stream().flatMap(List::stream), vocabulary.faults().stream())
                .distinct()
                .filter(shape -> !documents(language, shape))
                .forEach(shape -> missing.add(shape.name()));
        assertThat(missing).isEmpty();
    }

    /** The shape's row of a table names it first and each of its arguments after that. */
    private static boolean documents(String language, Shape shape) {
        return language.lines()
                .filter(line -> line.startsWith("| `" + shape.name() + "` |"))
                .anyMatch(
                        line -> shape.arguments().stream().allMatch(argument -> line.contains("`" + argument.name())));
    }

    @Test
    void the_table_of_the_thirty_failures_names_scenarios_that_exist() {
        String systems = Sources.text(Sources.root().resolve("docs/systems.md"));
        String table =
                systems.split("### The thirty, and where they are\n", 2)[1].split("\n## ", 2)[0];
        List<String> rows = table.lines().filter(line -> line.startsWith("| ")).toList();
        assertThat(rows).as("a title, a rule and thirty rows").hasSize(32);
        List<String> unknown = new ArrayList<>();
        for (String row : rows.subList(2, rows.size())) {
            String scenarios = row.split("\\|", -1)[2].strip();
            Matcher name = IN_CODE.matcher(scenarios);
            boolean named = false;
            while (name.find()) {
                named = true;
                if (!Catalogue.names().contains(name.group(1))) {
                    unknown.add(name.group(1));
                }
            }
            if (!named && !scenarios.startsWith("none")) {
                unknown.add(row);
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void the_table_of_all_systems_names_scenarios_that_exist_and_every_migration_has_its_section() {
        String systems = Sources.text(Sources.root().resolve("docs/systems.md"));
        String table = systems.split("## All of them\n", 2)[1].split("\n## ", 2)[0];
        List<String> rows =
                table.lines().filter(line -> line.startsWith("| ")).skip(2).toList();
        assertThat(rows).hasSizeGreaterThan(20);
        List<String> lost = new ArrayList<>();
        for (String row : rows) {
            assertThat(row).contains("](");
            Matcher scenario = IN_CODE.matcher(row.substring(row.lastIndexOf(')')));
            while (scenario.find()) {
                if (!Catalogue.names().contains(scenario.group(1))) {
                    lost.add(row);
                }
            }
        }
        assertThat(lost).isEmpty();
        String all = systems + Sources.text(Sources.root().resolve("docs/schema-changes.md"));
        assertThat(RehearsalWords.vocabulary().systems().keySet())
                .allMatch(system -> all.contains("`migration: " + system + "`"));
    }

    @Test
    void every_scenario_of_the_catalogue_is_in_the_docs() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path document : documents()) {
            all.append(Sources.text(document));
        }
        assertThat(Catalogue.names()).allMatch(name -> all.indexOf("`" + name + "`") >= 0);
    }

    @Test
    void the_scenarios_in_the_docs_can_be_run() throws InvalidScenario {
        ScenarioReader reader = new ScenarioReader(RehearsalWords.vocabulary());
        Matcher block = YAML.matcher(Sources.text(Sources.root().resolve("README.md")));
        assertThat(block.find()).isTrue();
        assertThat(reader.read("README.md", block.group(1)).name()).isEqualTo("my-cutover");
        Matcher whole = YAML.matcher(Sources.text(Sources.root().resolve("docs/scenarios.md")));
        assertThat(whole.find()).isTrue();
        assertThat(reader.read("docs/scenarios.md", whole.group(1)).expectations())
                .containsExactly("lost-writes = 0");
        Matcher own = YAML.matcher(Sources.text(Sources.root().resolve("docs/runbooks.md")));
        assertThat(own.find()).isTrue();
        assertThat(reader.read("docs/runbooks.md", own.group(1)).guards()).hasSize(2);
        Matcher places = YAML.matcher(Sources.text(Sources.root().resolve("docs/environments.md")));
        while (places.find()) {
            String indented = places.group(1).replaceFirst("environment:\\R", "");
            ScenarioReader.readEnvironment("docs/environments.md", indented);
        }
        Matcher loads = YAML.matcher(Sources.text(Sources.root().resolve("docs/workloads.md")));
        while (loads.find()) {
            reader.read("docs/workloads.md", loads.group(1));
        }
        Matcher changes = YAML.matcher(Sources.text(Sources.root().resolve("docs/schema-changes.md")));
        while (changes.find()) {
            reader.read("docs/schema-changes.md", changes.group(1));
        }
        for (String name : Catalogue.names()) {
            reader.read(name, Catalogue.yaml(name).orElseThrow());
        }
    }

    @Test
    void the_faults_in_the_docs_can_be_injected() throws InvalidScenario {
        ScenarioReader reader = new ScenarioReader(RehearsalWords.vocabulary());
        Matcher block = YAML.matcher(Sources.text(Sources.root().resolve("docs/faults.md")));
        List<String> kinds = new ArrayList<>();
        while (block.find()) {
            reader.read("docs/faults.md", AROUND_A_FAULT + block.group(1)).faults().stream()
                    .map(FaultSpec::fault)
                    .forEach(kinds::add);
        }
        assertThat(kinds)
                .containsAll(RehearsalWords.vocabulary().faults().stream()
                        .map(Shape::name)
                        .toList());
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder : List.of(Sources.root(), Sources.root().resolve("docs"))) {
            try (var files = Files.list(folder)) {
                documents.addAll(
                        files.filter(file -> file.toString().endsWith(".md")).toList());
            }
        }
        return documents;
    }
}

package org.pgrehearse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the docs say about files, commands and names is so. */
final class DocsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");
    private static final Pattern TEST_NAME = Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT))`");

    @Test
    void links_between_documents_lead_somewhere() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            Matcher link = LINK.matcher(Sources.text(document));
            while (link.find()) {
                if (!Files.exists(document.resolveSibling(link.group(1)))) {
                    broken.add(Sources.root().relativize(document) + " -> " + link.group(1));
                }
            }
        }
        assertThat(broken).isEmpty();
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
        assertThat(readme).contains("```\n./pgrehearse run logical-cutover\n```").contains("```\nmvn verify\n```");
        assertThat(ci).contains("\n./pgrehearse run logical-cutover\n").contains("\nmvn -B verify\n");
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (Path folder : List.of(Sources.root(), Sources.root().resolve("docs"))) {
            try (var files = Files.list(folder)) {
                documents.addAll(files.filter(file -> file.toString().endsWith(".md")).toList());
            }
        }
        return documents;
    }
}

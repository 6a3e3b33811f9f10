package org.pgrehearse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.preflight.Check;
import org.pgrehearse.verifier.preflight.Checks;
import org.pgrehearse.verifier.preflight.Migration;

/** The table of checks in docs/preflight.md is the list of checks that are made. */
final class PreflightDocsTest {
    @Test
    void the_table_of_checks_is_what_preflight_asks() {
        List<String> table = Sources.text(Sources.root().resolve("docs/preflight.md"))
                .lines()
                .filter(line -> line.matches("\\| `[a-z-]+` \\| (error|warning) .*"))
                .map(line -> Stream.of(line.split(" \\| ")).limit(4).collect(Collectors.joining(" | ")))
                .toList();
        assertThat(table)
                .containsExactlyElementsOf(
                        Checks.all().stream().map(PreflightDocsTest::row).toList());
        assertThat(Checks.all()).extracting(Check::name).doesNotHaveDuplicates();
    }

    private static String row(Check check) {
        String asks = check.sides().size() == 2
                ? "both"
                : check.sides().stream().map(Side::toString).collect(Collectors.joining());
        String bites = check.affects().size() == Migration.values().length
                ? "every kind"
                : check.affects().stream().sorted().map(Migration::toString).collect(Collectors.joining(", "));
        return "| `" + check.name() + "` | " + check.severity() + " | " + asks + " | " + bites;
    }
}

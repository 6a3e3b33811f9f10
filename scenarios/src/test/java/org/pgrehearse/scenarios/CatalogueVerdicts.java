package org.pgrehearse.scenarios;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.pgrehearse.reports.analysis.RunVerdict;

/**
 * How each scenario of the catalogue ends, whatever its seed.
 *
 * @param verdict the verdict
 * @param fails expectations that it must fail; others may fail as well
 */
record CatalogueVerdicts(RunVerdict verdict, List<String> fails) {
    CatalogueVerdicts {
        fails = List.copyOf(fails);
    }

    /** Those of all scenarios, in the order of the table. */
    static Map<String, CatalogueVerdicts> table() {
        Map<String, CatalogueVerdicts> table = new LinkedHashMap<>();
        text().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            String[] words = line.split(" ", -1);
            List<String> fails = words.length > 2 ? List.of(words[2].split(",", -1)) : List.of();
            CatalogueVerdicts row = new CatalogueVerdicts(RunVerdict.valueOf(words[1]), fails);
            if (table.put(words[0], row) != null) {
                throw new IllegalStateException(words[0] + " is in the table twice");
            }
        });
        return table;
    }

    /** Those whose names match one of some expressions with commas between them. */
    static Map<String, CatalogueVerdicts> matching(String expressions) {
        List<Pattern> patterns = Pattern.compile(",")
                .splitAsStream(expressions)
                .map(Pattern::compile)
                .toList();
        Map<String, CatalogueVerdicts> chosen = table();
        chosen.keySet()
                .removeIf(name -> patterns.stream()
                        .noneMatch(pattern -> pattern.matcher(name).matches()));
        return chosen;
    }

    private static String text() {
        try (InputStream resource = CatalogueVerdicts.class.getResourceAsStream("catalogue-verdicts.txt")) {
            return new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

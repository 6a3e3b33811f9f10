package org.pgrehearse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.ImportOrderer;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every source file reads as palantir-java-format writes it; with {@code -Dformat.apply=true} the test mends it. */
final class FormatTest {
    private final Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(true)
            .build());

    @Test
    void every_source_file_is_formatted() throws IOException, FormatterException {
        boolean apply = Boolean.getBoolean("format.apply");
        List<Path> unformatted = new ArrayList<>();
        for (Path file : Sources.java()) {
            String text = Sources.text(file);
            String formatted = format(text);
            if (!formatted.equals(text)) {
                unformatted.add(Sources.root().relativize(file));
                if (apply) {
                    Files.writeString(file, formatted);
                }
            }
        }
        assertThat(apply ? List.of() : unformatted)
                .as("unformatted files; mend with: mvn -pl tidy -am test -Dtest=FormatTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dformat.apply=true")
                .isEmpty();
    }

    private String format(String text) throws FormatterException {
        String ordered = ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.PALANTIR);
        return formatter.formatSource(RemoveUnusedImports.removeUnusedImports(ordered));
    }
}

package org.pgrehearse.tidy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Limits on lines, methods and files. They only ever go down. */
final class SizeTest {
    private static final int LINES_PER_FILE_MAX = 400;
    private static final int LINES_PER_METHOD_MAX = 60;
    private static final int COLUMNS_PER_LINE_MAX = 120;

    @Test
    void no_file_is_longer_than_a_reader_can_hold() {
        List<String> offenders = new ArrayList<>();
        for (Path file : Sources.java()) {
            List<String> lines = Sources.text(file).lines().toList();
            if (lines.size() > LINES_PER_FILE_MAX) {
                offenders.add(Sources.root().relativize(file) + ": " + lines.size() + " lines");
            }
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > COLUMNS_PER_LINE_MAX) {
                    offenders.add(Sources.root().relativize(file) + ":" + (i + 1) + " is too wide");
                }
            }
        }
        assertThat(offenders).isEmpty();
    }

    @Test
    void no_method_is_longer_than_a_screen() throws IOException {
        List<String> offenders = new ArrayList<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    diagnostic -> {},
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(Sources.java()));
            Trees trees = Trees.instance(task);
            task.parse()
                    .forEach(unit -> new TreePathScanner<@Nullable Void, @Nullable Void>() {
                        @Override
                        public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
                            long start = unit.getLineMap()
                                    .getLineNumber(trees.getSourcePositions().getStartPosition(unit, method));
                            long end = unit.getLineMap()
                                    .getLineNumber(trees.getSourcePositions().getEndPosition(unit, method));
                            if (end - start + 1 > LINES_PER_METHOD_MAX) {
                                offenders.add(unit.getSourceFile().getName() + ": " + method.getName() + " has "
                                        + (end - start + 1) + " lines");
                            }
                            return super.visitMethod(method, null);
                        }
                    }.scan(unit, null));
        }
        assertThat(offenders).isEmpty();
    }
}

package org.pgrehearse.scenarios.environment;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Another JVM on this test's class path, so that a test can kill or interrupt it. */
public final class HelperJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    private HelperJvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it with this test's class path. */
    public static HelperJvm start(Class<?> main, List<String> arguments) throws IOException {
        return start(List.of(), System.getProperty("java.class.path"), Map.of(), main, arguments);
    }

    /** Behind a prefix such as setpriv, with its own class path and further environment variables. */
    static HelperJvm start(
            List<String> prefix,
            String classPath,
            Map<String, String> environment,
            Class<?> main,
            List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath, main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(new File("/")).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new HelperJvm(builder.start());
    }

    /** The next line that it prints; fails with what it printed when it ends instead. */
    public String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new AssertionError("the helper ended");
        }
        return line;
    }

    /** All that it still prints, until it ends. */
    String rest() throws IOException {
        StringBuilder rest = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            rest.append(line).append('\n');
        }
        return rest.toString();
    }

    /** The process itself. */
    public Process process() {
        return process;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

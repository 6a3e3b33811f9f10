package org.pgrehearse.scenarios.migration;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.pgrehearse.scenarios.environment.EnvironmentException;

/**
 * How a migration tool that is a Java library is started: in a JVM of its own, with jars that are not on the class path
 * of pgrehearse, so that they cost nothing at its start, and so that a kill is a kill.
 */
final class ToolJvm {
    /** The folder of the tools' jars; the launcher sets it. Without it the tools are on the class path, as in tests. */
    private static final String JARS = "pgrehearse.tools.jars";

    private ToolJvm() {}

    /** Fails when the library cannot be found. */
    static void require(String name, String resource) {
        String jars = System.getProperty(JARS);
        boolean found = jars == null ? ToolJvm.class.getResource(resource) != null : new File(jars).isDirectory();
        if (!found) {
            throw new EnvironmentException("Cannot find " + name + ": its jars are in "
                    + (jars == null ? "no folder, as -D" + JARS + " is not set" : jars + ", which is no folder")
                    + ". Start pgrehearse by its launcher, which builds them.");
        }
    }

    /** A JVM with a small heap that runs a class of this package. */
    static List<String> command(Class<?> main, List<String> properties, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        properties.forEach(property -> command.add("-D" + property));
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(arguments);
        return command;
    }

    private static String classPath() {
        String jars = System.getProperty(JARS);
        if (jars == null) {
            return System.getProperty("java.class.path");
        }
        try {
            Path own = Path.of(ToolJvm.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return own + File.pathSeparator + Path.of(jars, "*");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the place of our own classes is no path", e);
        }
    }
}

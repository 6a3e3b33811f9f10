package org.pgrehearse.scenarios.environment;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Fetches through Maven itself, so that the user's settings, mirrors and proxies hold. */
final class MavenArtifacts implements Artifacts {
    private static final String COPY_GOAL = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy";

    private final String program;
    private final Duration deadline;

    MavenArtifacts(String program, Duration deadline) {
        this.program = program;
        this.deadline = deadline;
    }

    @Override
    public Path fetch(String group, String artifact, String version, Path folder) {
        String coordinates = group + ":" + artifact + ":" + version;
        // In that folder there is no project, so nobody's pom.xml takes part.
        Command.Result result = Command.run(
                List.of(
                        program,
                        "-B",
                        "-q",
                        "-Dstyle.color=never",
                        COPY_GOAL,
                        "-Dartifact=" + coordinates,
                        "-DoutputDirectory=" + folder),
                folder,
                deadline);
        if (result.exitCode() == Command.NOT_FOUND) {
            throw new EnvironmentException("Cannot resolve " + coordinates + ": the program " + program
                    + " was not found. Install Maven, or put the jar into the folder that the system property"
                    + " pgrehearse.postgres.jars names.");
        }
        Path jar = folder.resolve(artifact + "-" + version + ".jar");
        if (!result.succeeded() || !Files.isRegularFile(jar)) {
            throw new EnvironmentException("Cannot resolve " + coordinates + ": Maven ended with exit code "
                    + result.exitCode() + ". Check the network and Maven's settings. Its last output:\n"
                    + LogTail.of(result.output()));
        }
        return jar;
    }
}

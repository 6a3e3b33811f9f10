package org.pgrehearse.scenarios.environment;

import java.nio.file.Path;

/** A repository that published jars can be fetched from. */
@FunctionalInterface
interface Artifacts {
    /** Fetches one jar into a folder that exists; an {@link EnvironmentException} says why it is not to be had. */
    Path fetch(String group, String artifact, String version, Path folder);
}

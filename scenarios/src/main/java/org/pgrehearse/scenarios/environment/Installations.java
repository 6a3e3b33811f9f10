package org.pgrehearse.scenarios.environment;

/** A place that PostgreSQL's programs come from. */
@FunctionalInterface
public interface Installations {
    /** The installation of a major version; an {@link EnvironmentException} says why there is none. Thread-safe. */
    Installation installation(int major);
}

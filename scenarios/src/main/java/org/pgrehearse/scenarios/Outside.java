package org.pgrehearse.scenarios;

import org.pgrehearse.verifier.endpoint.Surroundings;

/**
 * What a run on servers of somebody else takes from its caller and no file says.
 *
 * @param surroundings variables, services and password files
 * @param onProduction names of databases, with commas between, that may be rehearsed on although they look like
 *     production; empty for none
 */
public record Outside(Surroundings surroundings, String onProduction) {
    /** This process's own, and no word about production. */
    public static Outside ofProcess() {
        return new Outside(Surroundings.ofProcess(), "");
    }
}

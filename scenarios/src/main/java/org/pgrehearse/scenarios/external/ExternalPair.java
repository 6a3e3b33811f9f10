package org.pgrehearse.scenarios.external;

import org.pgrehearse.scenarios.spec.Scenario.ExternalSpec;
import org.pgrehearse.verifier.endpoint.Surroundings;

/**
 * A pair to rehearse on.
 *
 * @param spec where it is
 * @param surroundings variables, services and password files
 * @param needs what the scenario asks of it
 * @param onProduction names of databases, with commas between, that may look like production; empty for none
 */
public record ExternalPair(ExternalSpec spec, Surroundings surroundings, ExternalNeeds needs, String onProduction) {}

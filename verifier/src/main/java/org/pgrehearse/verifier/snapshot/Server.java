package org.pgrehearse.verifier.snapshot;

/**
 * What a server says about itself.
 *
 * @param version as {@code server_version} says it
 * @param major such as 17
 * @param encoding of the database
 * @param role the verifier's role
 */
public record Server(String version, int major, String encoding, String role) {}

package org.pgrehearse.verifier.snapshot;

/**
 * What a server says about itself.
 *
 * @param version as {@code server_version} says it
 * @param major such as 17
 * @param encoding of the database
 * @param role the verifier's role
 * @param database which database of which cluster this is, the same on a standby: system identifier and OID
 */
public record Server(String version, int major, String encoding, String role, String database) {}

package org.pgrehearse.verifier.catalog;

/**
 * An index, a constraint, a trigger or another thing that belongs to a table.
 *
 * @param kind such as {@code index} or {@code foreign key}
 * @param definition without its name and the table's, so that it can be compared with another table's
 * @param valid false for an index whose building failed and for a constraint that was not validated
 */
public record Rule(String kind, String name, String definition, boolean valid) {}

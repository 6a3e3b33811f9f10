package org.pgrehearse.verifier.catalog;

/**
 * An object of a database that no table owns, such as a function, a view or an enum.
 *
 * @param kind such as {@code function}
 * @param name qualified where the kind has schemas
 * @param definition as the server writes it, without its name
 * @param outline what of the definition every version writes the same; equal to the definition when all of it is
 */
public record DatabaseObject(String kind, String name, String definition, String outline) {
    /** The kind of rows that users put into a table of an extension: the definition is their number and hash. */
    public static final String EXTENSION_DATA = "extension data";

    /** Kind and name, as a finding says it. */
    public String title() {
        return name.isEmpty() ? kind : kind + " " + name;
    }
}

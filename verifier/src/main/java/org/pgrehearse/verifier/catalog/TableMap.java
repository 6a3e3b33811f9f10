package org.pgrehearse.verifier.catalog;

import org.pgrehearse.verifier.InvalidInputException;

/** A rule that gives a table of the source, or all tables of a schema, another name on the target. */
sealed interface TableMap {
    /** Such as {@code shop.orders=shop2.orders}. */
    record OfTable(String from, String to) implements TableMap {}

    /** Such as {@code old.*=new.*}. */
    record OfSchema(String from, String to) implements TableMap {}

    /** Reads {@code S.T=S2.T2} or {@code S.*=S2.*}. */
    static TableMap of(String from, String to) {
        boolean schema = from.endsWith(".*") && to.endsWith(".*");
        String left = schema ? from.substring(0, from.length() - 2) : from;
        String right = schema ? to.substring(0, to.length() - 2) : to;
        if ((left + right).chars().anyMatch(c -> c == '*' || c == '?')) {
            throw new InvalidInputException("Cannot read the map " + from + "=" + to
                    + ": a star stands for all tables of a schema on both sides. Write schema.table=schema.table"
                    + " or schema.*=schema.*.");
        }
        return schema ? new OfSchema(left, right) : new OfTable(left, right);
    }
}

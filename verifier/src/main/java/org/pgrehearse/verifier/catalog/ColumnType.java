package org.pgrehearse.verifier.catalog;

/**
 * A column's type with domains resolved.
 *
 * @param declared as the server writes it, such as {@code numeric(12,2)} or {@code shop.order_status}
 * @param base name of the underlying built-in type, or of an array's elements; qualified if it is not built in
 * @param array whether it is an array of {@code base}
 * @param modifier the type modifier, -1 when there is none
 * @param builtIn whether {@code base} is a base, range or multirange type of PostgreSQL itself
 * @param deterministic whether its collation, if any, tells all different strings apart
 * @param ownCast whether somebody defined a cast to text that need not show all of a value
 * @param finer what must be cast to so that the text shows all of a value, as SQL must write it, because the output
 *     function rounds; empty when the type's own text does
 */
public record ColumnType(
        String declared,
        String base,
        boolean array,
        int modifier,
        boolean builtIn,
        boolean deterministic,
        boolean ownCast,
        String finer) {
    /** A type whose text is what its output function says. */
    public ColumnType(
            String declared, String base, boolean array, int modifier, boolean builtIn, boolean deterministic) {
        this(declared, base, array, modifier, builtIn, deterministic, false, "");
    }
}

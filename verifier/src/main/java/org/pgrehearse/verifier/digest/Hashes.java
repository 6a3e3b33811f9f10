package org.pgrehearse.verifier.digest;

import java.util.List;
import org.pgrehearse.verifier.digest.Form.Hash;

/**
 * Hashes that tell all different values apart, made of PostgreSQL's own, none of which does so by itself. What each of
 * those leaves out is said at its remedy; found in the sources of PostgreSQL 11 to 18 and shown by tests on each.
 */
final class Hashes {
    static final Hash INT4 = new Hash("hashint4extended(%s, %h)");

    /** The server's hash folds the upper half of the value into the lower one: 1 is hashed as 2^32. The seed is not. */
    static final Hash INT8 = new Hash("hashint8extended((%s)::int8, (%s)::int8 # %h)");

    static final Hash OID = new Hash("hashoidextended(%s, %h)");
    static final Hash BOOL = new Hash("hashint4extended(%s::int4, %h)");
    static final Hash UUID = new Hash("uuid_hash_extended(%s, %h)");

    private static final String BY_TEXT = "hashtextextended((%s)::text COLLATE \"C\", %h)";

    /** The server's hash leaves out the sign, and is the seed for NaN and for both infinities; it knows no scale. */
    private static final String NUMERIC =
            "coalesce(hashint4extended((%s < 0)::int4, hash_numeric_extended(%s, %h # @)), " + BY_TEXT + ")";

    static final Hash NUMERIC_WITH_SCALE = new Hash(NUMERIC.replace("@", "scale(%s)"));

    /** The scale of a number that has none is null, and so is the product. */
    static final Hash NUMERIC_VALUE = new Hash(NUMERIC.replace("@", "(scale(%s) * 0)"));

    /** For a column of one scale, which holds no infinities. */
    static final Hash NUMERIC_OF_ONE_SCALE =
            new Hash("hashint4extended((%s < 0)::int4, hash_numeric_extended(%s, %h))");

    /** To the server's hash both zeros are one number. Before the releases of 2021, it also told kinds of NaN apart. */
    static final Hash FLOAT =
            new Hash("CASE WHEN %s = 0 OR %s = 'NaN' THEN " + BY_TEXT + " ELSE hashfloat8extended(%s, %h) END");

    static final Hash FLOAT_VALUE =
            new Hash("CASE WHEN %s = 'NaN' THEN " + BY_TEXT + " ELSE hashfloat8extended(%s, %h) END");

    static final Hash DATE = new Hash(
            "CASE WHEN isfinite(%s) THEN hashint4extended(%s - '2000-01-01'::date, %h) ELSE " + BY_TEXT + " END");

    /**
     * The server's hash folds as that of {@code int8} does. In double precision seconds are exact to the microsecond as
     * long as they are fewer than 2^33, which is up to the year 2242.
     */
    static final Hash MOMENT = new Hash("CASE WHEN %s BETWEEN '1900-01-01 00:00:00+00' AND '2200-01-01 00:00:00+00'"
            + " THEN hashfloat8extended(date_part('epoch', %s), %h) ELSE " + BY_TEXT + " END");

    private static final Hash ARRAY = new Hash("hash_array_extended(%s, %h)");
    private static final Hash JSONB_WITHOUT_NESTING = new Hash("jsonb_hash_extended(%s, %h)");

    private Hashes() {}

    /** Of a text that is the same everywhere when its bytes are. */
    static Hash text(String template) {
        return new Hash("hashtextextended(" + template + " COLLATE \"C\", %h)");
    }

    /** Of an array whose elements' own hash tells them apart: that hash knows nothing of dimensions. */
    static List<Form> array(String collation) {
        return List.of(new Hash(ARRAY.template().replace("%s", "%s" + collation)), text("array_dims(%s)"));
    }

    /**
     * Of numbers in a text, by their values: {@code 1.50} is 1.5. Where there may be other text beside the numbers,
     * what is cut from it has to be hashed, too.
     */
    static Hash trimmed(String text) {
        return text("CASE WHEN strpos(" + text + ", '.') = 0 THEN " + text
                + " ELSE regexp_replace(regexp_replace(" + text + ", '[.]0+(?![0-9])', '', 'g'),"
                + " '([.][0-9]*[1-9])0+(?![0-9])', E'\\\\1', 'g') END");
    }

    /**
     * Of jsonb as {@code =} sees it. The server's hash leaves out signs of numbers and where arrays and objects end,
     * which the text tells; the text without zeros at the end of numbers leaves out such zeros in strings, which the
     * hash tells.
     */
    static List<Form> jsonbValue(String jsonb) {
        return List.of(new Hash(JSONB_WITHOUT_NESTING.template().replace("%s", jsonb)), trimmed(jsonb + "::text"));
    }

    /** Of arrays of jsonb as {@code =} sees them. */
    static List<Form> jsonbArrayValue() {
        return List.of(ARRAY, trimmed("(%s)::text"));
    }
}

package org.pgrehearse.verifier.digest;

import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Session;

/** A fixed vector that both servers hash first: servers that disagree on it cannot share a hash. */
public final class Canary {
    private static final String VALUES =
            "ARRAY[hashint8extended(-5000000001, 42), hashtextextended('canary' COLLATE \"C\", 42),"
                    + " hashint4extended(7, -5000000001), hashoidextended(4000000000, 42),"
                    + " hashfloat8extended(date_part('epoch', '2000-02-29 12:00:00.000001'::timestamp), 42),"
                    + " hash_numeric_extended(1.50, 42),"
                    + " uuid_hash_extended('00000000-0000-4000-8000-0000000000ff', 42),"
                    + " jsonb_hash_extended('{\"a\": [1, null]}', 42),"
                    + " hash_array_extended(ARRAY[1, -2, 3]::int2[], 42),"
                    + " hash_array_extended(ARRAY['2000-02-29 12:00:00.000001'::timestamp, 'infinity'], 42),"
                    + " hash_array_extended(ARRAY['\\x00ff10'::bytea, NULL, float8send(-0.0), numeric_send(1.00)], 42),"
                    + " hash_array_extended(ARRAY['00000000-0000-4000-8000-0000000000ff'::uuid], 42),"
                    + " hash_array_extended(ARRAY[1.50, 0, 'NaN']::numeric[], 42),"
                    + " hash_array_extended(ARRAY['1 day'::interval], 42),"
                    + " hash_array_extended(ARRAY['10:00+01'::timetz], 42),"
                    + " hash_array_extended(ARRAY['10.0.0.1/8'::inet], 42),"
                    + " hash_array_extended(ARRAY[true, false], 42),"
                    + " hash_array_extended(ARRAY['[1,5)'::int4range], 42),"
                    + " hash_array_extended(ARRAY['{\"a\": [1, null]}'::jsonb], 42)%s]::text";

    private static final String RECORD =
            ", hash_record_extended(ROW(1::int8, 'a'::text COLLATE \"C\", NULL::text, '\\x01'::bytea), 42)";

    private Canary() {}

    /** This server's answer; to be compared with the other's. */
    public static String answer(Session session, int olderMajor) throws ReadFailedException {
        String sql = "SELECT " + VALUES.replace("%s", olderMajor >= 14 ? RECORD : "");
        return session.first(sql, row -> row.getString(1)).orElse("");
    }

    /** Whether two answers show that the servers hash alike. */
    public static boolean agreed(String source, String target) {
        return !source.isEmpty() && source.equals(target);
    }
}

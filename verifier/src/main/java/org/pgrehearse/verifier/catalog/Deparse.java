package org.pgrehearse.verifier.catalog;

import java.util.regex.Pattern;

/**
 * How servers write definitions. From version 14 on, functions of SQL's own syntax are written in it, such as {@code AT
 * TIME ZONE}; from version 16 on, columns of a query over one table are written without the table.
 */
public final class Deparse {
    private static final int FIRST_WITH_SQL_SYNTAX = 14;
    private static final int FIRST_WITH_BARE_COLUMNS = 16;
    private static final Pattern SQL_SYNTAX = Pattern.compile(
            "(?i)\\b(EXTRACT|SUBSTRING|OVERLAY|POSITION|TRIM|NORMALIZE)\\(|\\bAT TIME ZONE\\b|\\bOVERLAPS\\b"
                    + "|IS NORMALIZED"
                    + "|\\b(date_part|timezone|\"substring\"|\"overlay\"|\"position\"|btrim|ltrim|rtrim)\\(");

    private Deparse() {}

    /** Whether two servers write queries alike. */
    public static boolean sameForQueries(int oneMajor, int otherMajor) {
        return era(oneMajor) == era(otherMajor);
    }

    /** Whether two different expressions prove a difference: they do not where only the way of writing may differ. */
    public static boolean provesDifference(String one, int oneMajor, String other, int otherMajor) {
        boolean alike = (oneMajor < FIRST_WITH_SQL_SYNTAX) == (otherMajor < FIRST_WITH_SQL_SYNTAX);
        return alike
                || !(SQL_SYNTAX.matcher(one).find() && SQL_SYNTAX.matcher(other).find());
    }

    private static int era(int major) {
        return major < FIRST_WITH_SQL_SYNTAX ? 0 : major < FIRST_WITH_BARE_COLUMNS ? 1 : 2;
    }
}

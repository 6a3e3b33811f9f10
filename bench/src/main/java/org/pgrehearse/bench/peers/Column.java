package org.pgrehearse.bench.peers;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgrehearse.verifier.catalog.ColumnType;

/**
 * A column of a table that is compared.
 *
 * @param type as CREATE TABLE takes it, with NOT NULL where it holds
 * @param value what the row number {@code i} has in it, as SQL
 */
record Column(String name, String type, String value) {
    private static final Pattern TYPE = Pattern.compile("(\\w+)(?:\\((\\d+)(?:,(\\d+))?\\))?( NOT NULL)?");
    private static final Map<String, String> BASES = Map.of("int", "int4", "bigint", "int8");
    private static final int MODIFIER_HEADER = 4;
    private static final int PRECISION_SHIFT = 16;

    /** The type as a server's catalogue has it. */
    ColumnType catalogued() {
        Matcher matcher = TYPE.matcher(type);
        if (!matcher.matches()) {
            throw new IllegalStateException("no type: " + type);
        }
        String base = BASES.getOrDefault(matcher.group(1), matcher.group(1));
        return new ColumnType(type, base, false, modifier(matcher), true, true);
    }

    private static int modifier(Matcher matcher) {
        if (matcher.group(2) == null) {
            return -1;
        }
        int length = Integer.parseInt(matcher.group(2));
        String scale = matcher.group(3);
        return MODIFIER_HEADER + (scale == null ? length : (length << PRECISION_SHIFT) + Integer.parseInt(scale));
    }
}

package org.pgrehearse.scenarios.capture;

import java.util.regex.Pattern;

/** Which statements are a COPY that moves data between the client and the server. Pure. */
public final class Copies {
    private static final Pattern FROM = Pattern.compile("(?is)\\s*copy\\b.*\\bfrom\\s+stdin\\b.*");
    private static final Pattern TO = Pattern.compile("(?is)\\s*copy\\b.*\\bto\\s+stdout\\b.*");
    private static final Pattern FORMAT = Pattern.compile(
            "(?is).*\\bstdin\\b.*\\b(?:csv|binary|delimiter|null|escape|quote|default|encoding|header)\\b.*");

    private Copies() {}

    /** Whether the client sends its data. */
    public static boolean fromClient(String sql) {
        return FROM.matcher(sql).matches();
    }

    /** Whether the server sends it. */
    public static boolean toClient(String sql) {
        return TO.matcher(sql).matches();
    }

    /** Whether the client's data is lines of fields with tabs between them and {@code \N} for NULL. */
    public static boolean isPlain(String sql) {
        return fromClient(sql) && !FORMAT.matcher(sql).matches();
    }
}

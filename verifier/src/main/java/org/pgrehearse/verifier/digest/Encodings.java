package org.pgrehearse.verifier.digest;

/** The encodings in which two databases store text. */
public final class Encodings {
    private static final String NONE = "SQL_ASCII";
    private static final String UNICODE = "UTF8";

    private Encodings() {}

    /**
     * Whether the same text has the same bytes on both sides. A database without an encoding stores what its clients
     * sent; beside UTF-8 its bytes are compared as they are, so that bytes that are no UTF-8 are a difference and not a
     * failure.
     */
    public static boolean same(String source, String target) {
        return source.equals(target)
                || (source.equals(NONE) && target.equals(UNICODE))
                || (source.equals(UNICODE) && target.equals(NONE));
    }
}

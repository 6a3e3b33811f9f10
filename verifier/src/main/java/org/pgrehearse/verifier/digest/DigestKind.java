package org.pgrehearse.verifier.digest;

import java.util.Locale;

/** What "the same" means. */
public enum DigestKind {
    /** Every value is the same byte for byte in its canonical form: 1.0 is not 1.00, and -0.0 is not 0.0. */
    EXACT,
    /** Every value is equal as its type's own {@code =} sees it. */
    EQUAL,
    /** Every value has the same text; needs nothing of the servers' byte order. */
    TEXT;

    /** As users write it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

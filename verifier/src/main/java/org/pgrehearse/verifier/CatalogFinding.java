package org.pgrehearse.verifier;

import org.jspecify.annotations.Nullable;

/**
 * A catalogue object that is not the same on both sides.
 *
 * @param object kind and qualified name, such as {@code index public.orders_ref_idx}
 * @param source definition on the source; null when absent
 * @param target definition on the target; null when absent
 */
public record CatalogFinding(
        String object,
        Kind kind,
        Severity severity,
        @Nullable String source,
        @Nullable String target) {

    /** How the object differs. */
    public enum Kind {
        MISSING,
        UNEXPECTED,
        DIFFERENT,
        INVALID
    }

    /** Whether the finding alone makes the databases divergent. */
    public enum Severity {
        ERROR,
        WARNING
    }

    /** Divergent for an error, consistent for a warning. */
    public Verdict verdict() {
        return severity == Severity.ERROR ? Verdict.DIVERGENT : Verdict.CONSISTENT;
    }
}

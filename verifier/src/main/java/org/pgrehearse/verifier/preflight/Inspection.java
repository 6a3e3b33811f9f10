package org.pgrehearse.verifier.preflight;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.endpoint.Side;

/**
 * What the checks found, and what they could not find out. Immutable.
 *
 * @param target empty when only the source was asked
 * @param findings errors first, then by check, side and object
 */
public record Inspection(
        Verification.Endpoint source,
        Optional<Verification.Endpoint> target,
        List<Finding> findings,
        List<Unchecked> unchecked) {
    public Inspection {
        findings = List.copyOf(findings);
        unchecked = List.copyOf(unchecked);
    }

    /** Divergent when an error was found, else inconclusive when something was not checked, else consistent. */
    public Verdict verdict() {
        if (findings.stream().anyMatch(finding -> finding.severity() == Check.Severity.ERROR)) {
            return Verdict.DIVERGENT;
        }
        return unchecked.isEmpty() ? Verdict.CONSISTENT : Verdict.INCONCLUSIVE;
    }

    /** The verdict's word: {@code ready}, {@code blocked} or {@code inconclusive}. */
    public String word() {
        return switch (verdict()) {
            case CONSISTENT -> "ready";
            case DIVERGENT -> "blocked";
            case INCONCLUSIVE -> "inconclusive";
        };
    }

    /**
     * Something that breaks a migration, or that somebody should know before it.
     *
     * @param side where it was found; what differs between both sides is found on the target
     * @param fix what to do, mostly as SQL
     * @param affects the kinds of migration that it bites
     */
    public record Finding(
            String check,
            String object,
            Check.Severity severity,
            String detail,
            String fix,
            Side side,
            Set<Migration> affects) {
        public Finding {
            affects = Set.copyOf(affects);
        }

        static Finding of(Check check, Side side, Check.Answer answer) {
            return new Finding(
                    check.name(),
                    answer.object(),
                    check.severity(),
                    answer.detail(),
                    answer.fix(),
                    side,
                    check.affects());
        }
    }

    /** A check, or a part of one, that could not be made. */
    public record Unchecked(String check, Side side, String reason) {}
}

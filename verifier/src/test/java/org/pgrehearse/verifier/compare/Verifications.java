package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.endpoint.CannotConnectException;

/** What tests of whole comparisons share. */
final class Verifications {
    private Verifications() {}

    static Verification verify(VerifyOptions options) {
        return verify(options, Progress.NONE);
    }

    static Verification verify(VerifyOptions options, Progress progress) {
        try {
            return new Verifier().verify(options, progress);
        } catch (CannotConnectException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static TableComparison only(Verification verification) {
        assertThat(verification.tables()).hasSize(1);
        return verification.tables().getFirst();
    }

    static TableComparison table(Verification verification, String name) {
        return verification.tables().stream()
                .filter(table -> table.source().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static SequenceComparison sequence(Verification verification, String name) {
        return verification.sequences().stream()
                .filter(sequence -> sequence.sequence().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

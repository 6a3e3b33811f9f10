package org.pgrehearse.verifier.sequence;

import java.math.BigInteger;
import java.util.Optional;
import org.pgrehearse.verifier.catalog.Sequence;

/**
 * Where a sequence stands.
 *
 * @param value its {@code last_value}
 * @param called whether that value was already handed out
 */
record SequenceState(long value, boolean called) {
    /**
     * The value that the next session gets; empty when the sequence is at its end and does not cycle. Values that
     * sessions hold in their caches lie before {@code last_value}, so that nobody gets anything beyond this first.
     */
    Optional<Long> next(Sequence sequence) {
        if (!called) {
            return Optional.of(value);
        }
        BigInteger next = BigInteger.valueOf(value).add(BigInteger.valueOf(sequence.increment()));
        boolean within = next.compareTo(BigInteger.valueOf(sequence.minimum())) >= 0
                && next.compareTo(BigInteger.valueOf(sequence.maximum())) <= 0;
        if (within) {
            return Optional.of(next.longValueExact());
        }
        return sequence.cycles()
                ? Optional.of(sequence.increment() > 0 ? sequence.minimum() : sequence.maximum())
                : Optional.empty();
    }
}

package org.pgrehearse.verifier.sequence;

import java.math.BigInteger;
import org.pgrehearse.verifier.catalog.Sequence;

/**
 * Where a sequence stands.
 *
 * @param value its {@code last_value}
 * @param called whether that value was already handed out
 */
record SequenceState(long value, boolean called) {
    /** The value that the next caller gets, if the sequence neither ends nor cycles before. */
    BigInteger next(Sequence sequence) {
        BigInteger stand = BigInteger.valueOf(value);
        return called ? stand.add(BigInteger.valueOf(sequence.increment())) : stand;
    }
}

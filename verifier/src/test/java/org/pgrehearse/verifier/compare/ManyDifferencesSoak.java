package org.pgrehearse.verifier.compare;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.testkit.Servers;

/** Ten million differing rows, or {@code -Dpgrehearse.rows=N}. */
@ExtendWith(Servers.class)
final class ManyDifferencesSoak {
    private static final long ROWS_DEFAULT = 10_000_000;

    @Test
    void every_row_differs_and_memory_does_not_grow(Servers.Running servers) throws IOException, InterruptedException {
        ManyDifferences.check(
                servers.database(15), servers.database(17), Long.getLong("pgrehearse.rows", ROWS_DEFAULT));
    }
}

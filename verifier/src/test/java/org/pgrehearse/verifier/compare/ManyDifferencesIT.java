package org.pgrehearse.verifier.compare;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgrehearse.verifier.testkit.Servers;

/** Totals are exact and memory is bounded however many rows differ. */
@ExtendWith(Servers.class)
final class ManyDifferencesIT {
    private static final long ROWS = 300_000;

    @Test
    void every_row_differs_and_memory_does_not_grow(Servers.Running servers) throws IOException, InterruptedException {
        ManyDifferences.check(servers.database(15), servers.database(17), ROWS);
    }
}

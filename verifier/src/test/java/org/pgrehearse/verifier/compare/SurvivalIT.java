package org.pgrehearse.verifier.compare;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A comparison in which something is killed is never wrong, and ends right when it is continued. */
final class SurvivalIT {
    private static final int ROUNDS = 6;
    private static final long SEED = 11;

    @Test
    void whatever_is_killed_no_verdict_is_wrong_and_the_end_is_the_same(@TempDir Path folder) throws Exception {
        try (Survival survival = new Survival(folder, SEED)) {
            for (int round = 1; round <= ROUNDS; round++) {
                survival.round(round);
            }
        }
    }
}

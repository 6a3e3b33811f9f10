package org.pgrehearse.verifier.compare;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same as {@link SurvivalIT}, a hundred times. */
final class SurvivalSoak {
    private static final long SEED = Long.getLong("soak.seed", 12);

    @Test
    void a_hundred_kills_lead_to_no_wrong_verdict(@TempDir Path folder) throws Exception {
        try (Survival survival = new Survival(folder, SEED)) {
            for (int round = 1; round <= 100; round++) {
                survival.round(round);
            }
        }
    }
}

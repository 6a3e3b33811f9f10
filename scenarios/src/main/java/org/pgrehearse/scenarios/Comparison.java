package org.pgrehearse.scenarios;

import java.util.Optional;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.verifier.Verification;

final class Comparison {
    Comparison(EmbeddedEnvironment environment) {}

    Verification run(Optional<String> snapshot) {
        throw new IllegalStateException("not yet " + snapshot);
    }
}

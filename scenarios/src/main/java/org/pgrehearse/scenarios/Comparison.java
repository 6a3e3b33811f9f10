package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.pgrehearse.scenarios.environment.EmbeddedEnvironment;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.migration.StepFailed;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.compare.Progress;
import org.pgrehearse.verifier.compare.Verifier;
import org.pgrehearse.verifier.compare.VerifyOptions;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.ConnectionSource;

/** The exact comparison of both sides of a rehearsal. */
final class Comparison {
    private static final int JOBS = 2;

    private final EmbeddedEnvironment environment;

    Comparison(EmbeddedEnvironment environment) {
        this.environment = environment;
    }

    /**
     * Compares the source as it is now with the target.
     *
     * @param targetSnapshot what the target held at an earlier moment; empty for what it holds now
     */
    Verification run(Optional<String> targetSnapshot) throws StepFailed, InterruptedException {
        VerifyOptions options = VerifyOptions.of(new OfServer(environment.source()), new OfServer(environment.target()))
                .withJobs(JOBS)
                .withSnapshots(null, targetSnapshot.orElse(null));
        try {
            return new Verifier().verify(options, Progress.NONE);
        } catch (CannotConnectException e) {
            throw new StepFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private record OfServer(Server server) implements ConnectionSource {
        @Override
        public Connection open() throws SQLException {
            return server.admin();
        }

        @Override
        public String displayUrl() {
            return "postgresql://" + server.host() + ":" + server.port() + "/" + server.database();
        }
    }
}

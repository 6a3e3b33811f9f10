package org.pgrehearse.scenarios;

import java.sql.Connection;
import java.sql.SQLException;
import org.pgrehearse.reports.journal.Side;
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
     * Compares both sides.
     *
     * @param reference the side that the other one must equal, and whose sequences must not be ahead
     * @param held what a side held at an earlier moment, which is taken in place of what it holds now
     */
    Verification run(Side reference, HeldSnapshots held) throws StepFailed, InterruptedException {
        Side copy = reference == Side.SOURCE ? Side.TARGET : Side.SOURCE;
        VerifyOptions options = VerifyOptions.of(
                        new OfServer(environment.server(reference)), new OfServer(environment.server(copy)))
                .withJobs(JOBS)
                .withSnapshots(held.id(reference).orElse(null), held.id(copy).orElse(null));
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

package org.pgrehearse.scenarios;

import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.migration.ServerConnections;
import org.pgrehearse.scenarios.migration.StepFailed;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.compare.Progress;
import org.pgrehearse.verifier.compare.Verifier;
import org.pgrehearse.verifier.compare.VerifyOptions;
import org.pgrehearse.verifier.endpoint.CannotConnectException;

/** The exact comparison of both sides of a rehearsal. */
final class Comparison {
    private static final int JOBS = 2;

    private final Environment environment;

    Comparison(Environment environment) {
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
        ServerConnections left = new ServerConnections(environment.server(reference));
        ServerConnections right = new ServerConnections(environment.server(copy));
        VerifyOptions options = VerifyOptions.of(left, right)
                .withJobs(JOBS)
                .withSnapshots(held.id(reference).orElse(null), held.id(copy).orElse(null));
        try {
            return new Verifier().verify(options, Progress.NONE);
        } catch (CannotConnectException e) {
            throw new StepFailed(String.valueOf(e.getMessage()), e);
        }
    }
}

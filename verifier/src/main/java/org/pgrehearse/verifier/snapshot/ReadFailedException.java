package org.pgrehearse.verifier.snapshot;

import java.sql.SQLException;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.endpoint.SqlProblem;

/** One side could not be read. What was to be read is unknown, never the same. */
public final class ReadFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Side side;
    private final transient SqlProblem problem;

    ReadFailedException(Side side, SQLException cause) {
        super(cause.getMessage(), cause);
        this.side = side;
        this.problem = SqlProblem.of(cause);
    }

    /** Something that the role may not see. */
    public static ReadFailedException hidden(Side side, String fact) {
        return new ReadFailedException(side, new SQLException(fact, "42501"));
    }

    /** The side that failed. */
    public Side side() {
        return side;
    }

    /** What went wrong there. */
    public SqlProblem problem() {
        return problem;
    }

    /** The whole sentence for a report: "Cannot read table public.orders on target: … ". */
    public String reason(String what) {
        return "Cannot read " + what + " on " + side + ": " + problem.fact() + ". " + problem.nextStep();
    }
}

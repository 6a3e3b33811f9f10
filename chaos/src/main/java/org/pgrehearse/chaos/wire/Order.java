package org.pgrehearse.chaos.wire;

import java.util.Optional;
import org.pgrehearse.chaos.proxy.Direction;

/** What is to happen at a point, to whom and how often. */
public record Order(Point point, Whom whom, Action action, Turns turns) {
    public Order {
        Optional<String> problem = problem(point, action);
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.orElseThrow());
        }
    }

    /** The order in words, such as {@code reset in row 3, any connection}. */
    public String label() {
        return action.label() + " " + point.label() + ", " + whom.label();
    }

    private static Optional<String> problem(Point point, Action action) {
        boolean beforeRequest = (point instanceof Point.Statement statement && !statement.forwarded())
                || (point instanceof Point.Commit(CutPoint cut) && cut == CutPoint.BEFORE_FORWARDING)
                || (point instanceof Point.Copy copy && copy.direction() == Direction.UPSTREAM);
        boolean afterForwarding = (point instanceof Point.Commit(CutPoint cut) && cut == CutPoint.AFTER_FORWARDING)
                || (point instanceof Point.Statement request && request.forwarded());
        return switch (action) {
            case Action.Fail _fail
            when !beforeRequest ->
                Optional.of("a failure needs a request that the server did not get yet: before-forwarding of a"
                        + " statement or a COMMIT, or in a COPY upstream");
            case Action.Drop _drop
            when !(point instanceof Point.StandbyStatus) ->
                Optional.of("only a standby's status can be dropped alone; everything else is missed by its peer");
            case Action.Delay _delay
            when afterForwarding ->
                Optional.of("after-forwarding cannot delay the answer; acknowledgement-withheld of a COMMIT can");
            case Action _sound -> Optional.empty();
        };
    }
}

package org.pgrehearse.scenarios.migration;

import java.sql.SQLException;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** One kind of step: its name and arguments in a scenario file, and what it does. */
public record Step(Shape shape, Action action) {
    /** What a step does. */
    @FunctionalInterface
    public interface Action {
        /** Does it, and returns what it did and the way back. */
        Done perform(Rig rig, Arguments arguments) throws SQLException, StepFailed, InterruptedException;
    }

    /** What a step did, in a few words for the report, and how to undo it. */
    public record Done(String detail, WayBack wayBack) {
        /** Done, with nothing to undo. */
        public static Done of(String detail) {
            return new Done(detail, WayBack.NONE);
        }
    }
}

package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** The steps of a cutover by a pooler in front of the application. */
final class PoolerSteps {
    private PoolerSteps() {}

    static List<Step> steps() {
        return List.of(
                new Step(
                        Shape.of(
                                "pause-pooler",
                                "Let open transactions end and hold all that come after them in the pooler",
                                optional("patience", ArgumentKind.DURATION, "10s")),
                        PoolerSteps::pause),
                new Step(
                        Shape.of(
                                "repoint-pooler",
                                "Lead the pooler to the target; transactions that are open end where they began"),
                        (rig, arguments) -> repoint(rig)),
                new Step(
                        Shape.of("resume-pooler", "Let the transactions that the pooler holds go on"),
                        (rig, arguments) -> resume(rig)));
    }

    private static Step.Done pause(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        Pooler pooler = rig.pooler();
        pooler.pause(arguments.duration("patience"));
        return new Step.Done("no transaction is open", () -> {
            pooler.resume();
            return "let the transactions that the pooler held go on";
        });
    }

    private static Step.Done repoint(Rig rig) throws SQLException, StepFailed {
        Pooler pooler = rig.pooler();
        Cutover.holdSnapshots(rig, Side.TARGET);
        rig.recorder().record(new Event.AuthorityMoved(rig.recorder().nowNanos(), Side.TARGET));
        pooler.lead(Side.TARGET);
        return new Step.Done("", () -> {
            pooler.lead(Side.SOURCE);
            rig.recorder().record(new Event.AuthorityMoved(rig.recorder().nowNanos(), Side.SOURCE));
            return "led the pooler back to the " + Side.SOURCE.name().toLowerCase(Locale.ROOT);
        });
    }

    private static Step.Done resume(Rig rig) throws SQLException, StepFailed {
        rig.pooler().resume();
        return Step.Done.of("");
    }
}

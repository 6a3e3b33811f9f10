package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** The steps that a cutover has whatever moved the data. */
final class Cutover {
    private Cutover() {}

    static List<Step> steps() {
        return List.of(
                new Step(
                        Shape.of("wait", "Let the load run on", required("for", ArgumentKind.DURATION)), Cutover::wait),
                new Step(
                        Shape.of("pause-writes", "Ask the application to hold its writes; writes in flight go on"),
                        Cutover::pauseWrites),
                new Step(Shape.of("resume-writes", "Let the application write again"), Cutover::resumeWrites),
                new Step(
                        Shape.of(
                                "fence-source",
                                "Shut every role but replication's out of the source, end all sessions, settle prepared"
                                        + " transactions",
                                choice("prepared-transactions", "abort", "rollback"),
                                optional("deadline", ArgumentKind.DURATION, "10s")),
                        (rig, arguments) -> new Fence(rig)
                                .raise(
                                        Fence.Prepared.valueOf(arguments
                                                .text("prepared-transactions")
                                                .toUpperCase(Locale.ROOT)),
                                        arguments.duration("deadline"))),
                new Step(
                        Shape.of(
                                "read-only-default",
                                "ALTER SYSTEM SET default_transaction_read_only = on on the source, and reload; not a"
                                        + " fence"),
                        Cutover::readOnlyDefault),
                new Step(
                        Shape.of(
                                "move-sequences",
                                "Set the target's sequences ahead of the source's",
                                optional("margin", ArgumentKind.NUMBER, "1000")),
                        Cutover::moveSequences),
                new Step(Shape.of("switch", "Send the application to the target"), Cutover::switchOver),
                new Step(
                        Shape.of("verify", "Compare the source with what the target held when it took over"),
                        Cutover::verify));
    }

    private static Step.Done wait(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        Waiting.pause(rig, arguments.duration("for"));
        return Step.Done.of("");
    }

    private static Step.Done pauseWrites(Rig rig, Arguments arguments) {
        rig.traffic().pauseWrites();
        return new Step.Done("asked every application instance", () -> {
            rig.traffic().resumeWrites();
            return "resumed writes";
        });
    }

    private static Step.Done resumeWrites(Rig rig, Arguments arguments) {
        rig.traffic().resumeWrites();
        return Step.Done.of("");
    }

    private static Step.Done readOnlyDefault(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(rig.source(), "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
        return new Step.Done("set for new transactions that do not say otherwise", () -> {
            Sql.run(rig.source(), "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
            return "took the read-only default off the source";
        });
    }

    private static Step.Done moveSequences(Rig rig, Arguments arguments) throws SQLException {
        try (Connection source = rig.source().admin();
                Connection target = rig.target().admin()) {
            int moved = Sequences.moveAhead(source, target, arguments.number("margin"));
            return Step.Done.of("moved " + moved + " sequences");
        }
    }

    private static Step.Done switchOver(Rig rig, Arguments arguments) throws SQLException {
        rig.holdTargetSnapshot();
        rig.recorder().record(new Event.AuthorityMoved(rig.recorder().nowNanos(), Side.TARGET));
        rig.traffic().switchTo(Side.TARGET);
        return new Step.Done("", () -> {
            rig.traffic().switchTo(Side.SOURCE);
            rig.recorder().record(new Event.AuthorityMoved(rig.recorder().nowNanos(), Side.SOURCE));
            return "sent the application back to the source; what it wrote on the target since stays there";
        });
    }

    private static Step.Done verify(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        rig.verify();
        return Step.Done.of("");
    }
}

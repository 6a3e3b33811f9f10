package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;
import static org.pgrehearse.scenarios.spec.Shape.Argument.required;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Server;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/** The steps that a cutover has whatever moved the data; an instance is for one run, whose fences it remembers. */
final class Cutover {
    private static final String EVERY_ROLE = "every";
    private static final Shape.Argument PREPARED = choice("prepared-transactions", "abort", "rollback");
    private static final Shape.Argument FENCE_DEADLINE = optional("deadline", ArgumentKind.DURATION, "10s");
    private static final Shape.Argument BY = choice("by", "roles", "hba", "database");
    private static final Shape.Argument MARGIN = optional("margin", ArgumentKind.NUMBER, "1000");

    private final Map<Side, Fence> fences = new EnumMap<>(Side.class);

    private Cutover() {}

    static List<Step> steps() {
        Cutover cutover = new Cutover();
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
                                PREPARED,
                                FENCE_DEADLINE,
                                optional("roles", ArgumentKind.TEXT, EVERY_ROLE),
                                BY),
                        (rig, arguments) -> cutover.fence(rig, Side.SOURCE, arguments)),
                new Step(
                        Shape.of(
                                "read-only-default",
                                "ALTER SYSTEM SET default_transaction_read_only = on on the source, and reload; not a"
                                        + " fence"),
                        Cutover::readOnlyDefault),
                new Step(
                        Shape.of("move-sequences", "Set the target's sequences ahead of the source's", MARGIN),
                        (rig, arguments) -> moveSequences(rig, Side.SOURCE, arguments)),
                new Step(
                        Shape.of("switch", "Send the application to the target"),
                        (rig, arguments) -> switchTo(rig, Side.TARGET)),
                new Step(
                        Shape.of("verify", "Compare the source with what the target held when it took over"),
                        Cutover::verify),
                new Step(
                        Shape.of(
                                "fence-target",
                                "Shut every role but replication's out of the target, before the application goes back",
                                PREPARED,
                                FENCE_DEADLINE,
                                optional("roles", ArgumentKind.TEXT, EVERY_ROLE),
                                BY),
                        (rig, arguments) -> cutover.fence(rig, Side.TARGET, arguments)),
                new Step(
                        Shape.of("move-sequences-back", "Set the source's sequences ahead of the target's", MARGIN),
                        (rig, arguments) -> moveSequences(rig, Side.TARGET, arguments)),
                new Step(
                        Shape.of("lift-source-fence", "Let the roles that were shut out log in on the source again"),
                        (rig, arguments) -> cutover.liftSourceFence()),
                new Step(
                        Shape.of("switch-back", "Send the application back to the source"),
                        (rig, arguments) -> switchTo(rig, Side.SOURCE)),
                new Step(
                        Shape.of(
                                "verify-back",
                                "Compare the target with what the source held when the application came back"),
                        Cutover::verifyBack));
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

    private Step.Done fence(Rig rig, Side side, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        String roles = arguments.text("roles");
        List<String> only = roles.equals(EVERY_ROLE)
                ? List.of()
                : Arrays.stream(roles.split(",", -1)).map(String::strip).toList();
        Fence fence = new Fence(
                rig, side, only, Fence.Door.valueOf(arguments.text("by").toUpperCase(Locale.ROOT)));
        fences.put(side, fence);
        return fence.raise(
                Fence.Prepared.valueOf(arguments.text("prepared-transactions").toUpperCase(Locale.ROOT)),
                arguments.duration("deadline"));
    }

    private Step.Done liftSourceFence() throws SQLException, StepFailed {
        Fence fence = fences.remove(Side.SOURCE);
        if (fence == null) {
            throw new StepFailed("Cannot lift the fence of the source: this runbook has raised none. Put fence-source"
                    + " before it.");
        }
        return Step.Done.of(fence.lift());
    }

    private static Step.Done readOnlyDefault(Rig rig, Arguments arguments) throws SQLException {
        Sql.run(rig.source(), "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
        return new Step.Done("set for new transactions that do not say otherwise", () -> {
            Sql.run(rig.source(), "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
            return "took the read-only default off the source";
        });
    }

    private static Step.Done moveSequences(Rig rig, Side from, Arguments arguments) throws SQLException {
        Side to = from == Side.SOURCE ? Side.TARGET : Side.SOURCE;
        try (Connection ahead = rig.server(from).admin();
                Connection behind = rig.server(to).admin()) {
            Sql.run(behind, "SET default_transaction_read_only = off");
            int moved = Sequences.moveAhead(ahead, behind, arguments.number("margin"));
            return Step.Done.of("moved " + moved + " sequences");
        }
    }

    private static Step.Done switchTo(Rig rig, Side side) throws SQLException {
        Side before = side == Side.SOURCE ? Side.TARGET : Side.SOURCE;
        holdSnapshots(rig, side);
        rig.recorder().record(new Event.AuthorityMoved(rig.recorder().nowNanos(), side));
        rig.traffic().switchTo(side);
        return new Step.Done("", () -> {
            rig.traffic().switchTo(before);
            rig.recorder().record(new Event.AuthorityMoved(rig.recorder().nowNanos(), before));
            return "sent the application back to the " + before.name().toLowerCase(Locale.ROOT)
                    + "; what it wrote on the " + side.name().toLowerCase(Locale.ROOT) + " since stays there";
        });
    }

    /** Keeps what both sides hold when the application goes to a side. */
    static void holdSnapshots(Rig rig, Side side) throws SQLException {
        Side before = side == Side.SOURCE ? Side.TARGET : Side.SOURCE;
        if (side == Side.SOURCE) {
            rig.releaseSnapshots();
        }
        if (receives(rig.server(before))) {
            rig.holdSnapshot(before); // from here on it moves with the other side, and could not be compared any more
        }
        rig.holdSnapshot(side);
    }

    private static boolean receives(Server server) throws SQLException {
        return Sql.value(server, "SELECT 1 FROM pg_subscription WHERE subenabled LIMIT 1")
                .isPresent();
    }

    private static Step.Done verify(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        rig.verify();
        return Step.Done.of("");
    }

    private static Step.Done verifyBack(Rig rig, Arguments arguments) throws StepFailed, InterruptedException {
        rig.verifyBack();
        return Step.Done.of("the target as the reference, the source as what must equal it");
    }
}

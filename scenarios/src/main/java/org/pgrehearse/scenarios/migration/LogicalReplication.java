package org.pgrehearse.scenarios.migration;

import static org.pgrehearse.scenarios.spec.Shape.Argument.choice;
import static org.pgrehearse.scenarios.spec.Shape.Argument.optional;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.spec.ArgumentKind;
import org.pgrehearse.scenarios.spec.Arguments;
import org.pgrehearse.scenarios.spec.Shape;

/**
 * PostgreSQL's own logical replication: publications on the source, subscriptions on the target, and the same the other
 * way round for a way back. An instance is for one run.
 */
public final class LogicalReplication implements MigrationSystem {
    /** Name of the usual publication, subscription and slot, and the beginning of every other one's. */
    public static final String NAME = "pgrehearse";

    /** The first version whose publications have row filters. */
    static final int FILTERS_SINCE = 15;

    private static final int ORIGINS_SINCE = 16;
    private static final String NO_FILTER = "none";
    private static final Shape.Argument COPY_DEADLINE = optional("deadline", ArgumentKind.DURATION, "10m");
    private static final Shape.Argument SHORT_DEADLINE = optional("deadline", ArgumentKind.DURATION, "60s");
    private static final Shape.Argument ITS_NAME = optional("name", ArgumentKind.TEXT, NAME);
    private static final Shape.Argument ORIGIN = choice("origin", "any", "none");

    private final Seeding seeding = new Seeding();

    @Override
    public String name() {
        return "logical-replication";
    }

    @Override
    public List<Step> ownSteps() {
        List<Step> steps = new ArrayList<>(forward());
        steps.addAll(letGo());
        steps.addAll(back());
        return List.copyOf(steps);
    }

    private List<Step> forward() {
        return List.of(
                new Step(
                        Shape.of("create-schema", "Create the empty schema on the target"),
                        LogicalReplication::createSchema),
                new Step(
                        Shape.of(
                                "create-publication",
                                "Publish tables on the source",
                                ITS_NAME,
                                choice("of", "tables", "all-tables"),
                                optional("tables", ArgumentKind.TEXT, Tables.EVERY),
                                optional("where", ArgumentKind.TEXT, NO_FILTER)),
                        LogicalReplication::createPublication),
                new Step(
                        Shape.of(
                                "create-subscription",
                                "Subscribe on the target; the initial copy begins",
                                ITS_NAME,
                                choice("copy", "on", "off"),
                                choice("slot", "new", "existing"),
                                ORIGIN),
                        LogicalReplication::createSubscription),
                new Step(
                        Shape.of("create-slot", "Create the slot on the source and hold the snapshot that it exports"),
                        seeding::createSlot),
                new Step(
                        Shape.of(
                                "seed-tables",
                                "Copy every table to the target ahead of any subscription",
                                choice("snapshot", "slot", "own")),
                        seeding::seedTables),
                new Step(
                        Shape.of(
                                "wait-for-copy",
                                "Wait until every table is copied and streaming",
                                COPY_DEADLINE,
                                choice("stuck", "fail", "copy-again")),
                        LogicalReplication::waitForCopy),
                new Step(
                        Shape.of(
                                "wait-for-lag",
                                "Wait until the target is close behind the source",
                                optional("below", ArgumentKind.BYTES, "1MiB"),
                                SHORT_DEADLINE),
                        LogicalReplication::waitForLag),
                new Step(
                        Shape.of(
                                "catch-up",
                                "Prove by LSN and by a marker row that everything before the fence is applied",
                                SHORT_DEADLINE),
                        (rig, arguments) -> Step.Done.of(Link.forward(rig).catchUp(arguments.duration("deadline")))));
    }

    private static List<Step> letGo() {
        return List.of(
                new Step(
                        Shape.of("disable-subscription", "ALTER SUBSCRIPTION … DISABLE on the target"),
                        (rig, arguments) ->
                                Link.forward(rig).alterEach("DISABLE", "ENABLE", "enabled the subscription again")),
                new Step(
                        Shape.of("detach-slot", "ALTER SUBSCRIPTION … SET (slot_name = NONE) on the target"),
                        (rig, arguments) -> Link.forward(rig)
                                .alterEach(
                                        "SET (slot_name = NONE)", "SET (slot_name = '%s')", "attached the slot again")),
                new Step(
                        Shape.of("drop-subscription", "DROP SUBSCRIPTION on the target"),
                        (rig, arguments) -> Step.Done.of(Link.forward(rig).dropSubscriptions())),
                new Step(
                        Shape.of("drop-slot", "Drop the replication slot on the source, if it is still there"),
                        (rig, arguments) -> Step.Done.of(Link.forward(rig).dropSlots())));
    }

    private static List<Step> back() {
        return List.of(
                new Step(
                        Shape.of("create-reverse-publication", "Publish every table on the target, for the way back"),
                        LogicalReplication::createReversePublication),
                new Step(
                        Shape.of(
                                "create-reverse-subscription",
                                "Subscribe on the source to what the target will write, without a copy",
                                ORIGIN),
                        LogicalReplication::createReverseSubscription),
                new Step(
                        Shape.of(
                                "catch-up-reverse",
                                "Prove by LSN and by a marker row that the source holds all that the target wrote",
                                SHORT_DEADLINE),
                        (rig, arguments) -> Step.Done.of(Link.back(rig).catchUp(arguments.duration("deadline")))),
                new Step(
                        Shape.of("drop-reverse-subscription", "DROP SUBSCRIPTION on the source"),
                        (rig, arguments) -> Step.Done.of(Link.back(rig).dropSubscriptions())));
    }

    private static Step.Done createSchema(Rig rig, Arguments arguments) throws SQLException {
        rig.createSchema(Side.TARGET);
        return Step.Done.of("");
    }

    private static Step.Done createPublication(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        Link link = Link.forward(rig);
        String name = link.named(arguments.text("name"));
        if (arguments.text("of").equals("all-tables")) {
            Step.Done done = link.publish(name, "FOR ALL TABLES");
            return new Step.Done("published all tables, of today and of tomorrow", done.wayBack());
        }
        String filter = arguments.text("where");
        if (!filter.equals(NO_FILTER) && rig.source().majorVersion() < FILTERS_SINCE) {
            throw new StepFailed("Cannot publish with a row filter on the source: PostgreSQL "
                    + rig.source().majorVersion() + " has none. Use a source of " + FILTERS_SINCE + " or newer.");
        }
        List<String> tables = Tables.chosen(rig.tables(), arguments.text("tables"));
        String where = filter.equals(NO_FILTER) ? "" : " WHERE (" + filter + ")";
        Step.Done done = link.publish(name, "FOR TABLE " + String.join(where + ", ", tables) + where);
        return new Step.Done("published " + tables.size() + " tables" + (where.isEmpty() ? "" : where), done.wayBack());
    }

    private static Step.Done createSubscription(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        Link link = Link.forward(rig);
        String name = link.named(arguments.text("name"));
        List<String> options = new ArrayList<>();
        if (arguments.text("copy").equals("off")) {
            options.add("copy_data = false");
        }
        if (arguments.text("slot").equals("existing")) {
            options.add("create_slot = false");
        }
        origin(rig, arguments, options);
        return link.subscribe(name, name, options);
    }

    /** Who sends must know of origins as well: an older one ignores what the receiver asks for. */
    private static void origin(Rig rig, Arguments arguments, List<String> options) throws StepFailed {
        if (arguments.text("origin").equals("any")) {
            return;
        }
        int oldest = Math.min(rig.source().majorVersion(), rig.target().majorVersion());
        if (oldest < ORIGINS_SINCE) {
            throw new StepFailed("Cannot subscribe with origin = none: PostgreSQL " + oldest
                    + " ignores it without a word, and every change would come back. Use " + ORIGINS_SINCE
                    + " or newer on both sides, or one direction at a time.");
        }
        options.add("origin = none");
    }

    private static Step.Done createReversePublication(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        Link link = Link.back(rig);
        return link.publish(link.named(NAME), "FOR TABLE " + String.join(", ", rig.tables()));
    }

    private static Step.Done createReverseSubscription(Rig rig, Arguments arguments) throws SQLException, StepFailed {
        Link link = Link.back(rig);
        List<String> options = new ArrayList<>(List.of("copy_data = false"));
        origin(rig, arguments, options);
        return link.subscribe(link.named(NAME), link.named(NAME), options);
    }

    private static Step.Done waitForCopy(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        ReplicationErrors errors = ReplicationErrors.of(rig.target());
        try {
            return waitForEveryTable(rig, arguments);
        } catch (StepFailed e) {
            throw errors.explain(e);
        }
    }

    private static Step.Done waitForEveryTable(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        Duration deadline = arguments.duration("deadline");
        StuckCopies stuck = new StuckCopies(rig, Link.forward(rig));
        Set<String> again = new TreeSet<>();
        String tables = Waiting.until(rig, deadline, "Copying every table", () -> {
            List<StuckCopies.Copy> found = stuck.found();
            if (!found.isEmpty()) {
                if (arguments.text("stuck").equals("fail")) {
                    throw StuckCopies.failure(found);
                }
                stuck.copyAgain(found, deadline);
                found.forEach(copy -> again.add(copy.table()));
            }
            return Sql.value(
                    rig.target(),
                    "SELECT count(*) FROM pg_subscription_rel HAVING count(*) > 0 AND bool_and(srsubstate = 'r')");
        });
        return Step.Done.of(tables + " tables copied and streaming"
                + (again.isEmpty() ? "" : "; copied again: " + String.join(", ", again)));
    }

    private static Step.Done waitForLag(Rig rig, Arguments arguments)
            throws SQLException, StepFailed, InterruptedException {
        long limit = arguments.bytes("below");
        String lag = Waiting.until(
                rig,
                arguments.duration("deadline"),
                "A lag below " + limit + " bytes",
                () -> Link.forward(rig).lag().filter(bytes -> Long.parseLong(bytes) < limit));
        return Step.Done.of(lag + " bytes behind");
    }
}

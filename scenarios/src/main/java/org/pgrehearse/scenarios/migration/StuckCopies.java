package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Event;

/**
 * Initial copies that can never finish. A worker that has copied a table drops its slot on the sender and only then
 * notes that it is done; when the answer to that drop is lost, the note is rolled back, and every later worker asks for
 * a slot that is not there. PostgreSQL, from 14 on, tries that for ever. An instance is for one wait.
 */
final class StuckCopies {
    /** Between the drop of a slot and the note of it lies a commit, which may be slow; this is slower. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** What the server says when it cannot reach the other one. */
    private static final String NO_CONNECTION = "08";

    /** Copied, and not yet known to be in step with the rest. */
    private static final String COPIED =
            "SELECT s.subname || '|' || s.oid || '|' || r.srrelid || '|' || n.nspname || '.'"
                    + " || c.relname FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid"
                    + " JOIN pg_class c ON c.oid = r.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE r.srsubstate = 'f' ORDER BY 1";

    private final Rig rig;
    private final Link link;
    private List<Copy> seen = List.of();
    private long seenSince = System.nanoTime();
    private long lookedAt = System.nanoTime();

    StuckCopies(Rig rig, Link link) {
        this.rig = rig;
        this.link = link;
    }

    /** A copy that cannot finish: of this table, named as on the receiver, for this subscription. */
    record Copy(String subscription, String slotBegins, String table) {
        private static final int PARTS = 4;

        private static Copy of(String line) {
            String[] parts = line.split("\\|", PARTS);
            return new Copy(parts[0], "pg_" + parts[1] + "_sync_" + parts[2] + "_", parts[3]);
        }
    }

    /** Those that have been stuck for so long that it is no moment between two steps. Cheap enough to ask in a loop. */
    List<Copy> found() throws SQLException {
        long now = System.nanoTime();
        if (now - lookedAt < LOOK_EVERY.toNanos()) {
            return List.of();
        }
        lookedAt = now;
        List<Copy> stuck = look();
        if (!stuck.equals(seen)) {
            seen = stuck;
            seenSince = now;
        }
        return now - seenSince >= SETTLED.toNanos() ? seen : List.of();
    }

    /** What happened and what to do, for a step that fails by it. */
    static StepFailed failure(List<Copy> stuck) {
        return new StepFailed("The copy of " + tables(stuck) + " can never finish: its worker dropped its slot on the"
                + " source, the connection broke before the answer came, and every later worker asks for that slot"
                + " again. Take the table out of the publication, refresh the subscription, empty the table on the"
                + " target, and publish it again; wait-for-copy does so with stuck: copy-again.");
    }

    /**
     * Takes these tables out of their publication and the subscription, empties them on the receiver, and has them
     * copied anew. While that goes on, no worker of the subscription runs, so none can apply what the copy will bring.
     *
     * @throws StepFailed when a table is published with all others and cannot be taken out, or the deadline passes
     */
    void copyAgain(List<Copy> stuck, Duration deadline) throws SQLException, StepFailed, InterruptedException {
        for (String subscription :
                new TreeSet<>(stuck.stream().map(Copy::subscription).toList())) {
            List<Member> members = members(stuck, subscription);
            for (Member member : members) {
                link.changeSender("ALTER PUBLICATION " + subscription + " DROP TABLE " + member.table());
            }
            refresh(subscription, deadline);
            link.changeReceiver("ALTER SUBSCRIPTION " + subscription + " DISABLE");
            awaitNoWorker(subscription, deadline);
            empty(members);
            for (Member member : members) {
                link.changeSender("ALTER PUBLICATION " + subscription + " ADD TABLE " + member.published());
            }
            link.changeReceiver("ALTER SUBSCRIPTION " + subscription + " ENABLE");
            refresh(subscription, deadline);
        }
        rig.recorder()
                .record(new Event.Trouble(
                        rig.recorder().nowNanos(),
                        "wait-for-copy",
                        "copied again, as the copy could never finish: " + tables(stuck)));
    }

    /** A table as the publication has it, which may be the root of a stuck partition, with its filter. */
    private record Member(String table, String filter) {
        String published() {
            return filter.isEmpty() ? table : table + " WHERE " + filter;
        }
    }

    private List<Copy> look() throws SQLException {
        List<Copy> copied;
        try (Connection admin = link.receiver().admin()) {
            copied = Sql.values(admin, COPIED).stream().map(Copy::of).toList();
        }
        if (copied.isEmpty()) {
            return List.of();
        }
        List<String> slots;
        try (Connection admin = link.sender().admin()) {
            slots = Sql.values(admin, "SELECT slot_name::text FROM pg_replication_slots");
        }
        return copied.stream()
                .filter(copy -> slots.stream().noneMatch(slot -> slot.startsWith(copy.slotBegins())))
                .toList();
    }

    private List<Member> members(List<Copy> stuck, String subscription) throws SQLException, StepFailed {
        TreeSet<String> tables = new TreeSet<>();
        List<Member> members = new ArrayList<>();
        try (Connection admin = link.sender().admin()) {
            for (Copy copy : stuck) {
                if (!copy.subscription().equals(subscription)) {
                    continue;
                }
                String table = Sql.value(
                                admin,
                                "SELECT r.prrelid::regclass::text FROM pg_publication_rel r JOIN pg_publication p"
                                        + " ON p.oid = r.prpubid WHERE p.pubname = ? AND (r.prrelid = ?::regclass OR"
                                        + " r.prrelid IN (SELECT relid FROM pg_partition_ancestors(?::regclass)))",
                                subscription,
                                copy.table(),
                                copy.table())
                        .orElseThrow(() -> new StepFailed("Cannot copy " + copy.table() + " again: the publication "
                                + subscription + " has it together with all tables, so it cannot be taken out. Name"
                                + " the tables of the publication, or drop the subscription and begin anew."));
                if (tables.add(table)) {
                    members.add(new Member(table, filter(admin, subscription, table)));
                }
            }
        }
        return members;
    }

    private String filter(Connection admin, String publication, String table) throws SQLException {
        if (link.sender().majorVersion() < LogicalReplication.FILTERS_SINCE) {
            return "";
        }
        return Sql.value(
                        admin,
                        "SELECT pg_get_expr(r.prqual, r.prrelid) FROM pg_publication_rel r JOIN pg_publication p"
                                + " ON p.oid = r.prpubid WHERE p.pubname = ? AND r.prrelid = ?::regclass",
                        publication,
                        table)
                .map(text -> "(" + text + ")")
                .orElse("");
    }

    private void refresh(String subscription, Duration deadline) throws SQLException, StepFailed, InterruptedException {
        Waiting.until(rig, deadline, "Refreshing the subscription " + subscription, () -> {
            try {
                link.changeReceiver("ALTER SUBSCRIPTION " + subscription + " REFRESH PUBLICATION");
                return Optional.of("");
            } catch (SQLException e) {
                if (String.valueOf(e.getSQLState()).startsWith(NO_CONNECTION)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private void awaitNoWorker(String subscription, Duration deadline)
            throws SQLException, StepFailed, InterruptedException {
        Waiting.until(
                rig,
                deadline,
                "The end of the workers of " + subscription,
                () -> Sql.value(
                        link.receiver(),
                        "SELECT 1 FROM pg_stat_subscription WHERE subname = ? HAVING count(pid) = 0",
                        subscription));
    }

    /** Deletes, since TRUNCATE refuses what a foreign key points at; triggers and keys stay silent as in a copy. */
    private void empty(List<Member> members) throws SQLException {
        link.changeReceiver(Stream.concat(
                        Stream.of("SET session_replication_role = replica"),
                        members.stream().map(member -> "DELETE FROM " + member.table()))
                .toArray(String[]::new));
    }

    private static String tables(List<Copy> stuck) {
        return String.join(", ", stuck.stream().map(Copy::table).toList());
    }
}

package org.pgrehearse.verifier.live;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.Live;
import org.pgrehearse.verifier.SequenceComparison;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.Verification.Skipped;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.compare.Progress;
import org.pgrehearse.verifier.compare.Verifier;
import org.pgrehearse.verifier.compare.VerifyOptions;
import org.pgrehearse.verifier.endpoint.CannotConnectException;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.snapshot.Sql;

/**
 * Compares a source that is written with a target that subscribes to it, and calls a difference proven only when no
 * change on the way explains it. Changes nothing on either side but for a temporary slot. Safe for use by many threads.
 *
 * <p>Why this is exact. A slot on the source exports a snapshot at L1: it shows what committed before L1, and the slot
 * decodes what commits after. The target's snapshot is taken only after every subscription has applied everything
 * before L1, so it lacks nothing that the source's snapshot shows. Then, and not before, the positions that the
 * subscriptions have <em>received</em> are read; the greatest is Lb. An apply worker notes a commit as received before
 * it applies it, so no commit beyond Lb can be in the snapshot. Read in the other order, a transaction could be
 * received, applied and seen in between, and a change would be taken for a difference. So the two snapshots differ by
 * changes of (L1, Lb] and by true differences only, and a row whose key no change of (L1, Lb] names differs truly. The
 * least position of all subscriptions decides when to take the snapshot and the greatest where decoding ends: more is
 * decoded than needed, which leaves more unresolved and proves nothing wrong. A worker that starts again reports
 * nothing until its first message, and then a position not before what was applied, so it is waited for.
 *
 * <p>What is unresolved is looked at again under new snapshots. A key that was in doubt and does not differ there is
 * settled; one that differs and did not change is proven; others stay in doubt.
 */
public final class LiveVerifier {
    /** Differing rows of one table that are attributed; the rest stays unresolved. */
    private static final int ATTRIBUTED_MAX = 20_000;

    private final LiveOptions live;

    /** A verifier with these bounds. */
    public LiveVerifier(LiveOptions live) {
        this.live = live;
    }

    /**
     * Compares everything selected.
     *
     * @throws CannotConnectException when a server cannot be reached or its catalogue cannot be read
     * @throws NotLiveException when the target is not subscribed to the source, or replication stands still
     * @throws InvalidInputException when the options cannot be combined or select what does not exist
     */
    public Verification verify(VerifyOptions options, Progress progress)
            throws CannotConnectException, NotLiveException, InterruptedException {
        if (options.resume() != null || options.sourceSnapshot() != null || options.targetSnapshot() != null) {
            throw new InvalidInputException("Cannot compare under replication from a resume file or given snapshots:"
                    + " each round needs snapshots of its own. Leave out --resume.");
        }
        Round round = round(options, progress);
        Verification first = round.verification();
        Map<String, Attribution> attributions = new LinkedHashMap<>(round.attributions());
        int rounds = 1;
        while (rounds < live.rounds() && attributions.values().stream().anyMatch(Attribution::doubtful)) {
            List<String> doubtful = attributions.entrySet().stream()
                    .filter(entry -> entry.getValue().doubtful())
                    .map(Map.Entry::getKey)
                    .toList();
            round = round(options.withSelection(narrowed(options.selection(), doubtful)), progress);
            for (String table : doubtful) {
                TableComparison again = round.verification().tables().stream()
                        .filter(one -> one.source().equals(table))
                        .findFirst()
                        .orElse(null);
                Attribution later = round.attributions().get(table);
                if (again != null) {
                    attributions.computeIfPresent(table, (_table, before) -> before.then(again, later));
                }
            }
            rounds++;
        }
        return result(first, attributions, round, rounds, options.maxDifferences());
    }

    /** Only these tables; everything when a name could be read in two ways. */
    private static Selection narrowed(Selection selection, List<String> tables) {
        List<String> patterns = new ArrayList<>();
        for (String table : tables) {
            int dot = table.indexOf('.');
            if (dot != table.lastIndexOf('.')) {
                return selection;
            }
            patterns.add(Sql.identifier(table.substring(0, dot)) + "." + Sql.identifier(table.substring(dot + 1)));
        }
        return new Selection(patterns, selection.excluded(), selection.mapped(), selection.columns());
    }

    /** One pair of snapshots, compared, and what explains the differences of each table that has any. */
    private record Round(Verification verification, Map<String, Attribution> attributions, Lsn from, Lsn to) {}

    private Round round(VerifyOptions options, Progress progress)
            throws CannotConnectException, NotLiveException, InterruptedException {
        try (Connection ofSource = connected(Side.SOURCE, options);
                Connection ofTarget = connected(Side.TARGET, options)) {
            Publisher publisher = new Publisher(ofSource);
            Subscriber subscriber = new Subscriber(ofTarget);
            publisher.check();
            Replication replication = Replication.between(publisher, subscriber, live.patience());
            Map<String, Map<String, Boolean>> before = subscriber.tables();
            try (Slot slot =
                    replication.slot(options.source(), options.timeouts().snapshot())) {
                replication.awaitApplied(slot.from());
                try (TargetSnapshot snapshot = TargetSnapshot.take(options.target())) {
                    Lsn to = replication.received(slot.from());
                    Tables tables = new Tables(before, subscriber.tables());
                    Verification found = new Verifier()
                            .verify(
                                    options.withSnapshots(slot.snapshot(), snapshot.id())
                                            .withMaxDifferences(ATTRIBUTED_MAX),
                                    progress);
                    return new Round(found, attributed(found, tables, replication, slot, to), slot.from(), to);
                }
            }
        } catch (SQLException e) {
            throw new NotLiveException(
                    String.valueOf(e.getMessage()) + " (" + e.getSQLState() + "). Mend that and run again.", e);
        }
    }

    private static Connection connected(Side side, VerifyOptions options) throws CannotConnectException {
        try {
            return (side == Side.SOURCE ? options.source() : options.target()).open();
        } catch (SQLException e) {
            throw new CannotConnectException(
                    side, (side == Side.SOURCE ? options.source() : options.target()).displayUrl(), e);
        }
    }

    /** States of the target's tables before the source's snapshot and after the target's. */
    private record Tables(Map<String, Map<String, Boolean>> before, Map<String, Map<String, Boolean>> after) {
        /** Whether the first copy of the table may have been going on. */
        boolean copying(String table) {
            Map<String, Boolean> old = before.getOrDefault(table, Map.of());
            Map<String, Boolean> now = after.getOrDefault(table, Map.of());
            return !old.keySet().equals(now.keySet()) || old.containsValue(false) || now.containsValue(false);
        }
    }

    private static Map<String, Attribution> attributed(
            Verification found, Tables tables, Replication replication, Slot slot, Lsn to)
            throws SQLException, InterruptedException {
        Map<String, Suspects> suspects = new HashMap<>();
        Map<String, TableComparison> differing = new LinkedHashMap<>();
        for (TableComparison table : found.tables()) {
            if (table.verdict() == Verdict.DIVERGENT && !table.differences().isEmpty()) {
                differing.put(table.source(), table);
                suspects.put(table.source(), new Suspects(table.differences(), replication.types(table.target())));
            }
        }
        if (!suspects.isEmpty()) {
            replication.decode(slot, to, suspects);
        }
        Map<String, Attribution> attributions = new LinkedHashMap<>();
        differing.forEach((name, table) -> attributions.put(
                name,
                Attribution.of(table, Objects.requireNonNull(suspects.get(name)), tables.copying(table.target()))));
        return attributions;
    }

    private static Verification result(
            Verification first, Map<String, Attribution> attributions, Round last, int rounds, int listedMax) {
        List<TableComparison> tables = first.tables().stream()
                .map(table -> {
                    Attribution attribution = attributions.get(table.source());
                    return attribution == null ? table : attribution.result(table, listedMax);
                })
                .toList();
        List<Skipped> coverage = new ArrayList<>(first.coverage());
        for (SequenceComparison sequence : first.sequences()) {
            coverage.add(new Skipped(
                    "sequence " + sequence.sequence(),
                    Skipped.Status.EXCLUDED,
                    "logical replication does not carry sequences; compare without --live once they are set"));
        }
        long unresolved = attributions.values().stream()
                .mapToLong(Attribution::unresolved)
                .sum();
        return new Verification(
                first.source(),
                first.target(),
                first.startedAt(),
                first.elapsed(),
                tables,
                List.of(),
                first.catalog(),
                coverage,
                first.continued(),
                new Live(rounds, last.from().toString(), last.to().toString(), unresolved));
    }
}

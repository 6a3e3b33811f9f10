package org.pgrehearse.verifier.sequence;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.pgrehearse.verifier.catalog.Sequence;
import org.pgrehearse.verifier.catalog.TableName;
import org.pgrehearse.verifier.snapshot.ReadFailedException;
import org.pgrehearse.verifier.snapshot.Snapshot;
import org.pgrehearse.verifier.snapshot.Sql;

/** Reads where sequences stand now, for they have no snapshots, and how far the data went. */
final class SequenceReadings {
    private static final int SEQUENCES_PER_STATEMENT = 100;

    private SequenceReadings() {}

    /** The states of those sequences that the role may read. */
    static Map<TableName, SequenceState> states(Snapshot snapshot, List<Sequence> sequences)
            throws ReadFailedException, InterruptedException {
        List<TableName> readable = sequences.stream()
                .filter(Sequence::readable)
                .map(Sequence::name)
                .toList();
        Map<TableName, SequenceState> states = new HashMap<>();
        for (int i = 0; i < readable.size(); i += SEQUENCES_PER_STATEMENT) {
            List<TableName> some = readable.subList(i, Math.min(readable.size(), i + SEQUENCES_PER_STATEMENT));
            String sql = IntStream.range(0, some.size())
                    .mapToObj(n -> "SELECT " + n + ", last_value, is_called FROM "
                            + some.get(n).quoted())
                    .collect(Collectors.joining(" UNION ALL "));
            snapshot.read(session -> session.list(
                            sql,
                            row -> Map.entry(
                                    some.get(row.getInt(1)), new SequenceState(row.getLong(2), row.getBoolean(3)))))
                    .forEach(entry -> states.put(entry.getKey(), entry.getValue()));
        }
        return states;
    }

    /** The value furthest along in the columns that the sequence feeds, within the sequence's own range. */
    static Optional<Long> furthest(Snapshot snapshot, Sequence sequence)
            throws ReadFailedException, InterruptedException {
        boolean upwards = sequence.increment() > 0;
        Optional<Long> furthest = Optional.empty();
        for (Sequence.Fed fed : compared(sequence)) {
            String column = Sql.identifier(fed.column());
            String sql = "SELECT " + (upwards ? "max" : "min") + "(" + column + ")::numeric FROM "
                    + fed.table().quoted() + " WHERE " + column + " BETWEEN " + sequence.minimum() + " AND "
                    + sequence.maximum();
            Optional<Long> value = snapshot.read(
                            session -> session.list(sql, row -> Optional.ofNullable(row.getBigDecimal(1))))
                    .getFirst()
                    .map(number -> whole(number, upwards));
            furthest = further(furthest, value, upwards);
        }
        return furthest;
    }

    /** The columns that hold the sequence's values as they are. What a root shows need not be read again below it. */
    private static List<Sequence.Fed> compared(Sequence sequence) {
        List<Sequence.Fed> direct =
                sequence.feeds().stream().filter(Sequence.Fed::direct).toList();
        List<Sequence.Fed> roots =
                direct.stream().filter(fed -> !fed.partition()).toList();
        return roots.isEmpty() ? direct : roots;
    }

    /** Whether a column that the sequence feeds holds this value already. */
    static boolean exists(Snapshot snapshot, Sequence sequence, long value)
            throws ReadFailedException, InterruptedException {
        for (Sequence.Fed fed : compared(sequence)) {
            String sql = "SELECT EXISTS (SELECT FROM " + fed.table().quoted() + " WHERE " + Sql.identifier(fed.column())
                    + " = " + value + ")";
            if (snapshot.read(session -> session.first(sql, row -> row.getBoolean(1)))
                    .orElse(false)) {
                return true;
            }
        }
        return false;
    }

    private static long whole(BigDecimal number, boolean upwards) {
        return number.setScale(0, upwards ? RoundingMode.FLOOR : RoundingMode.CEILING)
                .longValueExact();
    }

    private static Optional<Long> further(Optional<Long> one, Optional<Long> other, boolean upwards) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return Optional.of(upwards ? Math.max(one.get(), other.get()) : Math.min(one.get(), other.get()));
    }
}

package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.only;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.RowDifference.Cell;
import org.pgrehearse.verifier.RowDifference.ColumnChange;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.compare.RandomValues.ValueType;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** Whatever single values of whatever rows are changed at random: exactly these are found, and nothing else. */
@ExtendWith(Servers.class)
final class MutationsIT {
    private static final List<ValueType> TYPES = List.of(ValueType.values());
    private static final int ROWS = 400;
    private static final int MUTATIONS = 60;

    private final Database source;
    private final Database target;

    MutationsIT(Servers.Running servers) {
        source = servers.database(15);
        target = servers.database(17);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 20_260_101})
    void every_random_change_is_found_and_nothing_else(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
        RandomValues values = new RandomValues(random);
        List<Map<ValueType, String>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(row(values));
        }
        String create = TYPES.stream()
                .map(type -> type.name() + " " + type.declared())
                .collect(Collectors.joining(", ", "CREATE TABLE t (id int PRIMARY KEY, ", ")"));
        source.run(create + ";" + inserts(rows));
        target.run(create + ";" + inserts(rows));
        Map<String, String> planted = new TreeMap<>();
        StringBuilder updates = new StringBuilder();
        while (planted.size() < MUTATIONS) {
            int id = random.nextInt(ROWS);
            ValueType type = TYPES.get(random.nextInt(TYPES.size()));
            String literal = values.literal(type);
            if (!planted.containsKey(Integer.toString(id))
                    && !literal.equals(rows.get(id).get(type))) {
                planted.put(Integer.toString(id), type.name());
                updates.append("UPDATE t SET %s = %s WHERE id = %d;".formatted(type, literal, id));
            }
        }
        assertThat(only(verify(VerifyOptions.of(source, target))).verdict()).isEqualTo(Verdict.CONSISTENT);
        target.run(updates.toString());
        for (DigestKind kind : List.of(DigestKind.EXACT, DigestKind.TEXT)) {
            TableComparison table = only(verify(VerifyOptions.of(source, target).withDigest(kind)));
            assertThat(found(table)).as("seed " + seed + ", " + kind).isEqualTo(planted);
            assertThat(table.changed()).isEqualTo(MUTATIONS);
        }
    }

    private static Map<ValueType, String> row(RandomValues values) {
        return TYPES.stream().collect(Collectors.toMap(type -> type, values::literal));
    }

    private static String inserts(List<Map<ValueType, String>> rows) {
        StringBuilder inserts = new StringBuilder();
        for (int id = 0; id < rows.size(); id++) {
            Map<ValueType, String> row = rows.get(id);
            inserts.append(TYPES.stream()
                    .map(row::get)
                    .collect(Collectors.joining(", ", "INSERT INTO t VALUES (" + id + ", ", ");")));
        }
        return inserts.toString();
    }

    private static Map<String, String> found(TableComparison table) {
        Map<String, String> found = new TreeMap<>();
        for (RowDifference difference : table.differences()) {
            if (difference instanceof RowDifference.Changed(List<Cell> key, List<ColumnChange> columns)) {
                found.put(
                        String.valueOf(key.getFirst().value()),
                        columns.stream()
                                .map(column -> column.name().toUpperCase(Locale.ROOT))
                                .collect(Collectors.joining(",")));
            }
        }
        return found;
    }
}

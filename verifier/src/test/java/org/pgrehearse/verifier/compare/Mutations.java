package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.table;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.pgrehearse.verifier.RowDifference;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.compare.RandomValues.ValueType;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;

/**
 * One round of a test that changes single values at random: random rows of every type on two servers under different
 * settings are the same, and of the changed ones exactly these are found.
 */
final class Mutations {
    private static final List<String> SETTINGS = List.of(
            "TimeZone = 'America/New_York'",
            "TimeZone = 'Asia/Kathmandu'",
            "DateStyle = 'German'",
            "DateStyle = 'SQL, DMY'",
            "IntervalStyle = 'iso_8601'",
            "IntervalStyle = 'sql_standard'",
            "extra_float_digits = -5",
            "bytea_output = 'escape'",
            "standard_conforming_strings = off",
            "search_path = 'nowhere'",
            "xmloption = 'document'",
            "quote_all_identifiers = on",
            "array_nulls = off",
            "default_transaction_isolation = 'serializable'");

    private final Database source;
    private final Database target;
    private final List<ValueType> types;
    private final long seed;
    private final RandomGenerator random;
    private final RandomValues values;
    private final String replay;

    Mutations(Database source, Database target, int olderMajor, long seed, String replay) {
        this.source = source;
        this.target = target;
        this.types = RandomValues.types(olderMajor);
        this.seed = seed;
        this.random = RandomGeneratorFactory.of("Xoshiro256PlusPlus").create(seed);
        this.values = new RandomValues(random);
        this.replay = replay;
    }

    /** Fills both databases, changes so many values on the target, and demands that exactly these are found. */
    void run(int rowsTotal, int mutations) {
        List<List<String>> rows = IntStream.range(0, rowsTotal)
                .mapToObj(id -> types.stream().map(values::literal).toList())
                .toList();
        String create = IntStream.range(0, types.size())
                .mapToObj(i -> column(i) + " " + types.get(i).declared())
                .collect(Collectors.joining(", ", "CREATE TABLE t (id int PRIMARY KEY, ", ");"));
        // One type more on one side, so that user types have other identifiers there.
        source.run("CREATE TYPE shift AS ENUM ('x');" + RandomValues.SETUP + create + inserts(rows));
        target.run(RandomValues.SETUP + create + inserts(rows));
        settings(source, chosen());
        List<String> ofTarget = chosen();
        settings(target, ofTarget);
        for (DigestKind kind : DigestKind.values()) {
            assertThat(compared(kind, 0).verdict()).as(told(kind)).isEqualTo(Verdict.CONSISTENT);
        }
        settings(target, List.of("TimeZone = 'UTC'"));
        Map<String, String> planted = plant(rows, mutations);
        settings(target, ofTarget);
        for (DigestKind kind : List.of(DigestKind.EXACT, DigestKind.TEXT)) {
            TableComparison table = compared(kind, mutations);
            assertThat(found(table)).as(told(kind)).isEqualTo(planted);
            assertThat(table.changed()).as(told(kind)).isEqualTo(mutations);
            assertThat(table.missing() + table.unexpected()).as(told(kind)).isZero();
            assertThat(table.columnChanges().columns().stream()
                            .mapToLong(column -> column.rows())
                            .sum())
                    .as(told(kind))
                    .isEqualTo(mutations);
        }
    }

    private String told(DigestKind kind) {
        return "seed " + seed + ", digest " + kind + "; run again with: " + replay;
    }

    private static String column(int i) {
        return "c" + i;
    }

    private List<String> chosen() {
        return IntStream.range(0, 3)
                .mapToObj(i -> SETTINGS.get(random.nextInt(SETTINGS.size())))
                .toList();
    }

    private static void settings(Database database, List<String> settings) {
        List<String> holders =
                List.of("ALTER DATABASE " + database.name(), "ALTER ROLE postgres IN DATABASE " + database.name());
        holders.forEach(holder -> database.run(holder + " RESET ALL"));
        for (int i = 0; i < settings.size(); i++) {
            database.run(holders.get(i % holders.size()) + " SET " + settings.get(i));
        }
    }

    private TableComparison compared(DigestKind kind, int differences) {
        Selection selection = Selection.of(List.of("public.t"), List.of(), List.of());
        VerifyOptions options = VerifyOptions.of(source, target)
                .withSelection(selection)
                .withDigest(kind)
                .withMaxDifferences(differences);
        return table(verify(options), "public.t");
    }

    private Map<String, String> plant(List<List<String>> rows, int mutations) {
        Map<String, String> planted = new TreeMap<>();
        StringBuilder updates = new StringBuilder();
        while (planted.size() < mutations) {
            int id = random.nextInt(rows.size());
            int i = random.nextInt(types.size());
            String literal = values.literal(types.get(i));
            if (!planted.containsKey(Integer.toString(id))
                    && !literal.equals(rows.get(id).get(i))) {
                planted.put(Integer.toString(id), column(i));
                updates.append("UPDATE t SET %s = %s WHERE id = %d;".formatted(column(i), literal, id));
            }
        }
        target.run(updates.toString());
        return planted;
    }

    private static String inserts(List<List<String>> rows) {
        List<String> tuples = new ArrayList<>();
        for (int id = 0; id < rows.size(); id++) {
            tuples.add("INSERT INTO t VALUES (" + id + ", " + String.join(", ", rows.get(id)) + ");");
        }
        return String.join("", tuples);
    }

    private static Map<String, String> found(TableComparison table) {
        Map<String, String> found = new TreeMap<>();
        for (RowDifference difference : table.differences()) {
            if (difference instanceof RowDifference.Changed changed) {
                found.put(
                        String.valueOf(changed.key().getFirst().value()),
                        changed.columns().stream()
                                .map(RowDifference.ColumnChange::name)
                                .collect(Collectors.joining(",")));
            }
        }
        return found;
    }
}

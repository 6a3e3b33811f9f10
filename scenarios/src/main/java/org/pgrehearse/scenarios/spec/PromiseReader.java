package org.pgrehearse.scenarios.spec;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.scenarios.workload.PromiseSpec;

/** Reads and writes the key {@code promises} of a scenario. */
final class PromiseReader {
    /** Small on purpose: every transaction is kept for the judgement. */
    private static final double RATE_MAX = 2_000;

    private PromiseReader() {}

    static PromiseSpec read(Fields fields) {
        double lists = rate(fields, "lists");
        double registers = rate(fields, "registers");
        double bank = rate(fields, "bank");
        double twins = rate(fields, "twins");
        double ids = rate(fields, "ids");
        Isolation isolation = fields.value(
                "isolation",
                Isolation.SERIALIZABLE,
                PromiseReader::isolation,
                "read-committed, repeatable-read or serializable");
        fields.refuseOthers();
        return new PromiseSpec(lists, registers, bank, twins, ids, isolation);
    }

    static Map<String, Object> write(PromiseSpec promises) {
        Map<String, Object> words = new LinkedHashMap<>();
        put(words, "lists", promises.lists());
        put(words, "registers", promises.registers());
        put(words, "bank", promises.bank());
        put(words, "twins", promises.twins());
        put(words, "ids", promises.ids());
        words.put("isolation", word(promises.isolation()));
        return words;
    }

    private static void put(Map<String, Object> words, String key, double rate) {
        if (rate > 0) {
            words.put(key, Units.rateText(rate));
        }
    }

    private static double rate(Fields fields, String key) {
        return fields.value(
                key,
                0.0,
                text -> Units.rate(text).filter(rate -> rate > 0 && rate <= RATE_MAX),
                "a rate of at most 2000/s, such as 20/s");
    }

    private static Optional<Isolation> isolation(String text) {
        return Arrays.stream(Isolation.values())
                .filter(level -> word(level).equals(text))
                .findFirst();
    }

    private static String word(Isolation level) {
        return level.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package org.pgrehearse.scenarios.workload;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.scenarios.dataset.PromiseTables;

/** The kinds of promises. What each does at an arrival depends on the random numbers and the index alone. */
enum Promise {
    /** Lists that are appended to: no append may be lost, doubled or seen out of order. */
    LISTS,
    /** Registers with versions. */
    REGISTERS,
    /** Accounts whose total never changes. */
    BANK,
    /** Two tables that hold the same. */
    TWINS,
    /** A sequence that hands out no number twice. */
    IDS;

    /** Keys in use at a time: few, so that transactions meet. */
    private static final int KEYS = 8;

    /** Transactions after which keys are left for new ones, so that no list grows without end. */
    static final int KEY_LIFE = 500;

    private static final int STEPS_MAX = 4;
    private static final int TWINS_MAX = 200;
    private static final int AMOUNT_MAX = 50;
    private static final int READING_ONE_IN = 4;

    /** The name in reports and in scenarios. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Transactions a second that a scenario asks for; zero for none. */
    BigDecimal rate(PromiseSpec spec) {
        return BigDecimal.valueOf(
                switch (this) {
                    case LISTS -> spec.lists();
                    case REGISTERS -> spec.registers();
                    case BANK -> spec.bank();
                    case TWINS -> spec.twins();
                    case IDS -> spec.ids();
                });
    }

    /** The transaction of one arrival. Values that it writes are its own in the whole run. */
    Deed choose(RandomGenerator random, long index, Isolation isolation) {
        return switch (this) {
            case LISTS, REGISTERS -> steps(random, index, isolation);
            case BANK -> random.nextInt(READING_ONE_IN) == 0 ? new Deed.Total() : transfer(random);
            case TWINS ->
                random.nextInt(READING_ONE_IN) == 0
                        ? new Deed.TwinComparison()
                        : new Deed.TwinWrite(random.nextInt(TWINS_MAX), index);
            case IDS -> new Deed.Receipt(index);
        };
    }

    /**
     * Transactions that read once more what is there in the end.
     *
     * @param arrivals how many there were
     * @param keysMax of how many keys at most; the newest are read
     */
    List<Deed> finalReadings(long arrivals, int keysMax, Isolation isolation) {
        return switch (this) {
            case LISTS, REGISTERS -> {
                long end = KEYS * (Math.max(0, arrivals - 1) / KEY_LIFE + 1);
                yield LongStream.range(Math.max(0, end - keysMax), end)
                        .<Deed>mapToObj(key -> new Deed.Steps(word(), isolation, List.of(reading(key))))
                        .toList();
            }
            case BANK -> List.of(new Deed.Total());
            case TWINS -> List.of(new Deed.TwinComparison());
            case IDS -> List.of();
        };
    }

    private Deed steps(RandomGenerator random, long index, Isolation isolation) {
        int count = 1 + random.nextInt(STEPS_MAX);
        List<Micro> micros = IntStream.range(0, count)
                .mapToObj(place -> {
                    long key = index / KEY_LIFE * KEYS + random.nextInt(KEYS);
                    return random.nextBoolean() ? reading(key) : change(key, index * STEPS_MAX + place + 1);
                })
                .toList();
        return new Deed.Steps(word(), isolation, micros);
    }

    private Micro reading(long key) {
        return this == LISTS ? new Micro.ReadOfList(key) : new Micro.ReadOfRegister(key);
    }

    private Micro change(long key, long value) {
        return this == LISTS ? new Micro.AppendTo(key, value) : new Micro.WriteTo(key, value);
    }

    private static Deed transfer(RandomGenerator random) {
        int from = 1 + random.nextInt(PromiseTables.ACCOUNTS);
        int to = 1 + (from + random.nextInt(PromiseTables.ACCOUNTS - 1)) % PromiseTables.ACCOUNTS;
        return new Deed.Transfer(from, to, 1 + random.nextInt(AMOUNT_MAX));
    }
}

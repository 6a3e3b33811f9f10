package org.pgrehearse.reports.invariant;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/** Takes the readings of invariants in, in the order of the journal. Not safe for use by many threads. */
public final class InvariantBook {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<String, Tally> totals = new TreeMap<>();
    private final Map<String, Tally> twins = new TreeMap<>();
    private final Map<String, IssuedIds> sequences = new TreeMap<>();
    private long baselineUntil = -1;

    /**
     * What is over by then counts as the baseline too: it happened without the migration. Without a call nothing does.
     */
    public void baselineUntil(long nanos) {
        baselineUntil = nanos;
    }

    /** Takes one reading of a total in. */
    public void add(Event.TotalRead read) {
        Tally tally = totals.computeIfAbsent(read.name(), unused -> new Tally());
        tally.readings++;
        long off = Math.subtractExact(read.sum(), read.expected());
        if (off != 0) {
            tally.broken(
                    read.startedNanos(),
                    read.endedNanos() <= baselineUntil,
                    Math.abs(off),
                    String.format(
                            Locale.ROOT,
                            "the sum of %s over %,d rows, read%s from %s to %s in one snapshot, was %,d instead of %,d:"
                                    + " off by %+,d",
                            read.name(),
                            read.rows(),
                            on(read.side()),
                            instant(read.startedNanos()),
                            instant(read.endedNanos()),
                            read.sum(),
                            read.expected(),
                            off));
        }
    }

    /** Takes one comparison of twin tables in. */
    public void add(Event.TwinsRead read) {
        Tally tally = twins.computeIfAbsent(read.name(), unused -> new Tally());
        tally.readings++;
        long differing = Math.addExact(read.onlyFirst(), read.onlySecond());
        if (differing > 0) {
            tally.broken(
                    read.startedNanos(),
                    read.endedNanos() <= baselineUntil,
                    differing,
                    String.format(
                            Locale.ROOT,
                            "%s, read%s from %s to %s in one snapshot, differ: %,d rows only in the first, %,d only in"
                                    + " the second%s",
                            read.name(),
                            on(read.side()),
                            instant(read.startedNanos()),
                            instant(read.endedNanos()),
                            read.onlyFirst(),
                            read.onlySecond(),
                            read.example().isEmpty() ? "" : ", such as " + read.example()));
        }
    }

    /** Takes one number of a sequence in. Only acknowledged ones count: others may rightly be handed out again. */
    public void add(Event.IdIssued issued) {
        if (issued.outcome() == Outcome.ACKNOWLEDGED) {
            sequences
                    .computeIfAbsent(issued.sequence(), unused -> new IssuedIds())
                    .add(issued);
        }
    }

    /** What became of them all. */
    public Invariants judge() {
        List<Invariants.Check> checks = new ArrayList<>();
        totals.forEach((name, tally) -> checks.add(tally.check(Invariants.Kind.TOTAL, name)));
        twins.forEach((name, tally) -> checks.add(tally.check(Invariants.Kind.TWINS, name)));
        sequences.forEach(
                (name, ids) -> checks.add(ids.tally(name, baselineUntil).check(Invariants.Kind.SEQUENCE, name)));
        return new Invariants(checks);
    }

    static String on(@Nullable Side side) {
        return side == null ? "" : " on the " + (side == Side.SOURCE ? "source" : "target");
    }

    static String instant(long nanos) {
        return String.format(Locale.ROOT, "%.3f s", nanos / NANOS_PER_SECOND);
    }

    /** How one invariant fared. */
    static final class Tally {
        private long readings;
        private long broken;
        private long baseline;
        private long worstWeight;
        private Invariants.@Nullable Case first;
        private Invariants.@Nullable Case worst;
        private Invariants.@Nullable Case last;

        void readings(long count) {
            readings = count;
        }

        void broken(long at, boolean inBaseline, long weight, String text) {
            broken++;
            baseline += inBaseline ? 1 : 0;
            if (first == null || at < first.atNanos()) {
                first = new Invariants.Case("first", at, text);
            }
            if (worst == null || weight > worstWeight) {
                worst = new Invariants.Case("worst", at, text);
                worstWeight = weight;
            }
            if (last == null || at >= last.atNanos()) {
                last = new Invariants.Case("last", at, text);
            }
        }

        Invariants.Check check(Invariants.Kind kind, String name) {
            List<Invariants.Case> cases = new ArrayList<>();
            for (Invariants.Case each : new Invariants.Case[] {first, worst, last}) {
                if (each != null
                        && cases.stream().noneMatch(other -> other.text().equals(each.text()))) {
                    cases.add(each);
                }
            }
            return new Invariants.Check(kind, name, readings, broken, baseline, cases);
        }
    }
}

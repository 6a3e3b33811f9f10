package org.pgrehearse.verifier.compare;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.verifier.InvalidInputException;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.KeyCuts;
import org.pgrehearse.verifier.chunk.KeyRanges.Range;
import org.pgrehearse.verifier.chunk.PassLedger.Pass;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.resume.Entry;
import org.pgrehearse.verifier.resume.ResumeFile;

/**
 * What was finished, kept as it goes, so that a comparison that was interrupted can be continued: tables that are done,
 * and ranges of tables that are not. Ranges are used again only if both servers' snapshots see the very transactions
 * that they saw before, so that both parts are of one moment. Safe for use by many threads.
 */
final class Checkpoint implements AutoCloseable {
    private static final int FORMAT = 1;

    private final @Nullable ResumeFile file;
    private final Finished inThisProcess;
    private final Map<String, TableComparison> finished = new ConcurrentHashMap<>();
    private final Map<String, Ranges> begun = new ConcurrentHashMap<>();
    private final Map<String, Passes> passes = new ConcurrentHashMap<>();
    private final int finishedBefore;
    private final int begunBefore;

    /** How a table is cut, and what was found in the ranges that are done. */
    record Ranges(KeyCuts cuts, Map<Range, Reading> done) {}

    /** Into how many buckets a table's rows are summed, and what was read of each side. */
    record Passes(int buckets, Map<Side, Pass> done) {
        /** Nothing was read before. */
        static Passes of(int buckets) {
            return new Passes(buckets, Map.of());
        }

        Pass of(Side side) {
            return done.getOrDefault(side, Pass.NONE);
        }
    }

    private Checkpoint(
            @Nullable ResumeFile file, List<Entry> before, Entry.@Nullable Opened now, Finished inThisProcess) {
        this.file = file;
        this.inThisProcess = inThisProcess;
        this.finished.putAll(inThisProcess.tables());
        if (now != null) {
            restore(before, now);
        }
        this.finishedBefore = finished.size();
        this.begunBefore = begun.size() + passes.size();
    }

    /** Keeps nothing but, for a comparison that begins again in this process, the tables that are finished. */
    static Checkpoint inMemory(Finished finished) {
        return new Checkpoint(null, List.of(), null, finished);
    }

    /** Keeps everything in a file, and takes in what that holds, which must be of the same comparison. */
    static Checkpoint in(ResumeFile file, Entry.Subject subject, Entry.Opened now) {
        if (file.before().isEmpty()) {
            file.append(subject);
            file.append(now);
            return new Checkpoint(file, List.of(), null, new Finished());
        }
        if (!file.before().getFirst().equals(subject)) {
            Entry first = file.before().getFirst();
            file.close();
            throw new InvalidInputException("Cannot continue: the file is of another comparison, "
                    + first + ", and this one is " + subject
                    + ". Name another file, or give the same databases and options.");
        }
        Checkpoint checkpoint = new Checkpoint(file, file.before(), now, new Finished());
        file.append(now);
        return checkpoint;
    }

    static Entry.Subject subject(String source, String target, String asked) {
        return new Entry.Subject(FORMAT, source, target, asked);
    }

    private void restore(List<Entry> before, Entry.Opened now) {
        Entry.Opened moment = now;
        for (Entry entry : before) {
            switch (entry) {
                case Entry.Subject _subject -> {}
                case Entry.Opened opened -> {
                    forgetUnless(sees(opened, moment));
                    moment = opened;
                }
                case Entry.Finished done -> {
                    finished.put(done.pair(), done.result());
                    begun.remove(done.pair());
                    passes.remove(done.pair());
                }
                case Entry.Bucketed bucketed ->
                    passes.put(bucketed.pair(), new Passes(bucketed.buckets(), new EnumMap<>(Side.class)));
                case Entry.Passed passed -> {
                    Passes of = passes.get(passed.pair());
                    if (of != null) {
                        of.done().put(passed.side(), passed.pass());
                    }
                }
                case Entry.Cut cut -> begun.put(cut.pair(), new Ranges(cut.cuts(), new LinkedHashMap<>()));
                case Entry.Done done -> {
                    Ranges of = begun.get(done.pair());
                    if (of != null) {
                        of.done().put(new Range(done.first(), done.end()), reading(done));
                    }
                }
            }
        }
        forgetUnless(sees(moment, now));
    }

    private void forgetUnless(boolean sameMoment) {
        if (!sameMoment) {
            begun.clear();
            passes.clear();
        }
    }

    private static boolean sees(Entry.Opened one, Entry.Opened other) {
        return one.source().visible().equals(other.source().visible())
                && one.target().visible().equals(other.target().visible());
    }

    private static Reading reading(Entry.Done done) {
        return done.findings().isEmpty()
                ? Reading.same(RangePass.NAME, done.sourceRows())
                : Reading.different(RangePass.NAME, done.sourceRows(), done.targetRows(), done.findings());
    }

    /** What was taken over from earlier starts and what could not be kept, as sentences; empty when neither. */
    Optional<String> continued() {
        List<String> said = Stream.concat(
                        taken().stream(), Optional.ofNullable(file).flatMap(ResumeFile::lost).stream())
                .toList();
        return said.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", said));
    }

    private Optional<String> taken() {
        return finishedBefore + begunBefore == 0
                ? Optional.empty()
                : Optional.of(
                        "Continued: " + finishedBefore + " tables were finished by an earlier start and are as they"
                                + " were then, " + begunBefore + " were partly read by one at the same moment as now.");
    }

    /** The result of a table that was finished before; inconclusive ones are not kept. */
    Optional<TableComparison> finished(TablePair pair) {
        return Optional.ofNullable(finished.get(name(pair)));
    }

    /** Keeps the result of a table; not of one that could not be compared, which is to be tried again. */
    void finish(TablePair pair, TableComparison result) {
        if (result.verdict() == Verdict.INCONCLUSIVE) {
            return;
        }
        inThisProcess.add(name(pair), result);
        if (file != null) {
            file.append(new Entry.Finished(name(pair), result));
        }
    }

    /** The part of a table that was done before; empty when there is none or when it is of another moment. */
    Optional<Ranges> ranges(TablePair pair) {
        return Optional.ofNullable(begun.get(name(pair)));
    }

    /** Keeps how a table is cut; what was kept of its ranges before is void. */
    void begin(TablePair pair, KeyCuts cuts) {
        if (file != null) {
            file.append(new Entry.Cut(name(pair), cuts));
        }
    }

    /** Keeps what was found in a range; not where it is in doubt. */
    void add(TablePair pair, Range range, Reading reading) {
        if (file != null && reading.contradiction().isEmpty()) {
            file.append(new Entry.Done(
                    name(pair),
                    range.first(),
                    range.end(),
                    reading.sourceRows(),
                    reading.targetRows(),
                    reading.findings()));
        }
    }

    /** What was read of a table before, in so many buckets; empty when it is of another moment, or nothing was. */
    Optional<Passes> passes(TablePair pair) {
        return Optional.ofNullable(passes.get(name(pair)));
    }

    /** Keeps into how many buckets a table's rows are summed; what was kept of it before is void. */
    void begin(TablePair pair, int buckets) {
        if (file != null) {
            file.append(new Entry.Bucketed(name(pair), buckets));
        }
    }

    /** Keeps what was read of a table on one side. */
    void add(TablePair pair, Side side, Pass pass) {
        if (file != null) {
            file.append(new Entry.Passed(name(pair), side, pass));
        }
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }

    private static String name(TablePair pair) {
        return pair.sourceName() + "=" + pair.targetName();
    }
}

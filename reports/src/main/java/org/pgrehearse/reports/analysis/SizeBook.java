package org.pgrehearse.reports.analysis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/** The sizes of the watched tables over the run. Not safe for use by many threads. */
final class SizeBook {
    /** Tables beyond this many are left out: a monitor watches no more than a few on each side. */
    private static final int TABLES_MAX = 500;

    private static final String WARM_UP = "warm-up";

    private final Map<Table, Course> tables = new LinkedHashMap<>();

    void add(Event.TableSize size) {
        @Nullable Course course = course(size.side(), size.table());
        if (course != null) {
            course.readings.add(new Timeline.Reading(
                    size.atNanos(), (double) size.heapBytes() + size.indexBytes() + size.toastBytes()));
            course.last = size;
        }
    }

    void add(Event.TableBloat bloat) {
        @Nullable Course course = course(bloat.side(), bloat.table());
        if (course != null) {
            course.dead = Math.max(course.dead == null ? 0 : course.dead, bloat.deadPercent());
        }
    }

    /** Every table, the one that grew most first. */
    List<TableGrowth> growths(List<Phase> phases) {
        List<Phase> known = phases.stream()
                .sorted(Comparator.comparingLong(Phase::startNanos))
                .toList();
        List<TableGrowth> growths = new ArrayList<>();
        tables.forEach((table, course) -> {
            if (course.last != null) {
                growths.add(growth(table, course, course.last, known));
            }
        });
        growths.sort(Comparator.comparingLong(TableGrowth::grown)
                .reversed()
                .thenComparing(TableGrowth::table)
                .thenComparing(TableGrowth::side));
        return growths;
    }

    private static TableGrowth growth(Table table, Course course, Event.TableSize last, List<Phase> phases) {
        List<Timeline.Reading> readings = course.readings.sorted();
        long runbook = runbookStart(phases);
        long before = at(readings, runbook);
        long largest = readings.stream()
                .filter(reading -> reading.atNanos() >= runbook)
                .mapToLong(reading -> (long) reading.value())
                .reduce(before, Math::max);
        List<TableGrowth.PhaseGrowth> grown = new ArrayList<>();
        for (Phase phase : phases) {
            long bytes = at(readings, phase.endNanos()) - at(readings, phase.startNanos());
            if (bytes != 0) {
                grown.add(new TableGrowth.PhaseGrowth(phase.name(), bytes));
            }
        }
        return new TableGrowth(
                table.side(),
                table.name(),
                before,
                largest,
                last.heapBytes() + last.indexBytes() + last.toastBytes(),
                last.indexBytes(),
                last.toastBytes(),
                grown,
                course.dead);
    }

    /** The end of the warm-up; the beginning of everything when there was none. */
    private static long runbookStart(List<Phase> phases) {
        return phases.stream()
                .filter(phase -> phase.name().equals(WARM_UP))
                .mapToLong(Phase::endNanos)
                .findFirst()
                .orElse(0);
    }

    /** The last reading until then; a table that was never read before has no size. */
    private static long at(List<Timeline.Reading> readings, long nanos) {
        return readings.stream()
                .filter(reading -> reading.atNanos() <= nanos)
                .mapToLong(reading -> (long) reading.value())
                .reduce(0, (earlier, later) -> later);
    }

    private @Nullable Course course(Side side, String name) {
        Table table = new Table(side, name);
        Course known = tables.get(table);
        if (known == null && tables.size() < TABLES_MAX) {
            known = new Course();
            tables.put(table, known);
        }
        return known;
    }

    private record Table(Side side, String name) {}

    private static final class Course {
        private final Monitors.Thinned readings = new Monitors.Thinned();
        private Event.@Nullable TableSize last;
        private @Nullable Double dead;
    }
}

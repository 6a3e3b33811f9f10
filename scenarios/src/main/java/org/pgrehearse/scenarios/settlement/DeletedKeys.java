package org.pgrehearse.scenarios.settlement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Recorder;

/**
 * Passes every event on, and remembers which rows the load deleted, to look for them when everything is quiet. Safe for
 * use by many threads.
 */
public final class DeletedKeys implements Recorder {
    /** Keys beyond this many are not looked for, and the journal says so. */
    private static final int KEYS_MAX = 200_000;

    private final Recorder journal;
    private final Map<String, Keys> tables = new LinkedHashMap<>();
    private int size;

    /** Takes who gets every event. */
    public DeletedKeys(Recorder journal) {
        this.journal = journal;
    }

    @Override
    public long nowNanos() {
        return journal.nowNanos();
    }

    @Override
    public void record(Event event) {
        if (event instanceof Event.KeysWritten written && !written.deleted().isEmpty()) {
            remember(written);
        }
        journal.record(event);
    }

    private synchronized void remember(Event.KeysWritten written) {
        Keys known = tables.computeIfAbsent(
                written.table(), table -> new Keys(table, written.columns(), new LinkedHashSet<>()));
        for (List<String> key : written.deleted()) {
            if (size < KEYS_MAX && known.values.add(key)) {
                size++;
            }
        }
    }

    /** What was deleted so far, table by table. */
    synchronized List<Deleted> deleted() {
        return tables.values().stream()
                .map(each -> new Deleted(each.table, each.columns, new ArrayList<>(each.values)))
                .toList();
    }

    /** Keys of rows of one table that were deleted. */
    record Deleted(String table, List<String> columns, List<List<String>> keys) {}

    private record Keys(String table, List<String> columns, Set<List<String>> values) {}
}

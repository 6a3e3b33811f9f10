package org.pgrehearse.verifier.compare;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.pgrehearse.verifier.TableComparison;

/**
 * The tables that were finished before a server was lost, by the names of their pairs. They count as long as the tables
 * that are compared, their columns and keys are the same. Safe for use by many threads.
 */
final class Finished {
    private final Map<String, TableComparison> tables = new ConcurrentHashMap<>();
    private String shape = "";

    /** Forgets everything if the tables are others, or look different, than when it was found. */
    synchronized void forgetUnless(String now) {
        if (!shape.equals(now)) {
            tables.clear();
        }
        shape = now;
    }

    void add(String pair, TableComparison result) {
        tables.put(pair, result);
    }

    Map<String, TableComparison> tables() {
        return Map.copyOf(tables);
    }
}

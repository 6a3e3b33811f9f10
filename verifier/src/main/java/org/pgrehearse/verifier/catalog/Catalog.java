package org.pgrehearse.verifier.catalog;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one database holds by name, in the order of names. */
public record Catalog(List<Table> tables, List<Sequence> sequences) {
    public Catalog {
        tables = List.copyOf(tables);
        sequences = List.copyOf(sequences);
    }

    /** The tables by name. */
    public Map<TableName, Table> tablesByName() {
        Map<TableName, Table> byName = new TreeMap<>();
        tables.forEach(table -> byName.put(table.name(), table));
        return byName;
    }
}

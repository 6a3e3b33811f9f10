package org.pgrehearse.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.pgrehearse.verifier.catalog.Catalog;
import org.pgrehearse.verifier.catalog.Column;
import org.pgrehearse.verifier.catalog.ColumnType;
import org.pgrehearse.verifier.catalog.Selection;
import org.pgrehearse.verifier.catalog.Table;
import org.pgrehearse.verifier.catalog.TableName;
import org.pgrehearse.verifier.catalog.TablePair;
import org.pgrehearse.verifier.chunk.TablePlan;
import org.pgrehearse.verifier.digest.Digest;
import org.pgrehearse.verifier.digest.DigestKind;

/** What the client does before it reads a row, for a catalogue of 1,000 tables of 12 columns. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlanBenchmark {
    private static final int TABLES = 1_000;
    private static final int OLDER_MAJOR = 15;
    private static final List<String> TYPES = List.of(
            "int8",
            "int4",
            "uuid",
            "text",
            "numeric",
            "numeric",
            "float8",
            "timestamptz",
            "timestamp",
            "bool",
            "varchar",
            "jsonb");

    private Catalog catalog = new Catalog(List.of(), List.of());
    private List<TablePair> pairs = List.of();
    private Digest digest = new Digest(DigestKind.EXACT, OLDER_MAJOR, true, true);

    /** The same catalogue on both sides. */
    @Setup(Level.Trial)
    public void make() {
        List<Table> tables = new ArrayList<>();
        for (int i = 0; i < TABLES; i++) {
            tables.add(table(i));
        }
        catalog = new Catalog(tables, List.of());
        pairs = Selection.everything().pairs(catalog, catalog);
        digest = new Digest(DigestKind.EXACT, OLDER_MAJOR, true, true);
    }

    private static Table table(int number) {
        List<Column> columns = new ArrayList<>();
        for (String type : TYPES) {
            columns.add(new Column(
                    "column" + columns.size(), new ColumnType(type, type, false, -1, true, true), columns.isEmpty()));
        }
        return new Table(
                new TableName("public", "table" + number),
                number,
                false,
                1,
                columns,
                List.of(List.of("column0")),
                List.of());
    }

    /** Finds the partner of each table, all 1,000. */
    @Benchmark
    public List<TablePair> pairs() {
        return Selection.everything().pairs(catalog, catalog);
    }

    /** Plans each pair and writes the expressions that hash its rows and keys, all 1,000. */
    @Benchmark
    public void plans(Blackhole hole) {
        for (TablePair pair : pairs) {
            Table source = pair.source();
            Table target = pair.target();
            if (source != null && target != null) {
                TablePlan plan = TablePlan.of(source, target, digest);
                hole.consume(digest.row(plan.columns()));
                hole.consume(digest.key(plan.key()));
            }
        }
    }
}

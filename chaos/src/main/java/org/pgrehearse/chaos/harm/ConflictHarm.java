package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** A row of ours on a subscriber, at a key that the publisher will use. */
public final class ConflictHarm implements Harm {
    private static final String KEY = "SELECT quote_ident(a.attname), a.attname FROM pg_index i JOIN pg_attribute a"
            + " ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] WHERE i.indrelid = to_regclass(?)"
            + " AND i.indisprimary AND i.indnkeyatts = 1"
            + " AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)";
    private static final String COLUMNS = "SELECT quote_ident(attname) FROM pg_attribute"
            + " WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
            + " ORDER BY attnum";

    private final SqlAccess access;
    private final String name;
    private final long ahead;
    private final ApplyErrors errors;
    private final AtomicReference<@Nullable Row> row = new AtomicReference<>();
    private final AtomicReference<String> damage = new AtomicReference<>("");

    /** The row as we wrote it; a row of somebody else's at the same key has another xmin. */
    private record Row(String table, String column, String key, String xmin) {}

    /** A row that is not there yet. */
    public ConflictHarm(SqlAccess access, String table, long ahead) {
        this.access = access;
        this.name = table;
        this.ahead = ahead;
        this.errors = new ApplyErrors(access);
    }

    @Override
    public void inject() throws IOException {
        errors.begin();
        String table = Sql.relation(access, name);
        List<List<String>> keys = Sql.rows(access, KEY, table);
        if (keys.isEmpty()) {
            throw new IOException(
                    "table " + table + " has no primary key of one integer." + " Use the fault conflict-statement.");
        }
        String column = keys.getFirst().get(0);
        List<String> columns =
                Sql.rows(access, COLUMNS, table).stream().map(List::getFirst).toList();
        String copied = columns.stream().map(one -> "(x)." + one).collect(Collectors.joining(", "));
        String insert = "INSERT INTO " + table + " (" + String.join(", ", columns) + ") OVERRIDING SYSTEM VALUE SELECT "
                + copied + " FROM (SELECT jsonb_populate_record(r, jsonb_build_object("
                + Sql.literal(keys.getFirst().get(1)) + ", (SELECT max(" + column + ") + " + ahead + " FROM " + table
                + "))) AS x FROM " + table + " r LIMIT 1) one RETURNING " + column + ", xmin::text";
        List<List<String>> written = Sql.rows(access, insert);
        if (written.isEmpty()) {
            throw new IOException("table " + table + " has no row to copy. Begin after its initial copy.");
        }
        row.set(new Row(
                table, column, written.getFirst().get(0), written.getFirst().get(1)));
    }

    @Override
    public Optional<String> evidence() {
        Row ours = row.get();
        return ours == null
                ? Optional.empty()
                : errors.since()
                        .map(seen -> seen + " since a row with the key " + ours.key() + " stands in " + ours.table());
    }

    @Override
    public void heal() throws IOException {
        Row ours = row.get();
        if (ours == null) {
            return;
        }
        String found = " FROM " + ours.table() + " WHERE " + ours.column() + " = " + ours.key() + " AND xmin::text = "
                + Sql.literal(ours.xmin());
        try (Connection connection = Sql.open(access)) {
            if (Sql.rows(connection, "SELECT 1" + found).isEmpty()) {
                damage.set("the row with the key " + ours.key() + " in " + ours.table()
                        + " was changed or removed by others");
            } else {
                Sql.run(connection, "DELETE" + found);
            }
            if (!Sql.rows(connection, "SELECT 1" + found).isEmpty()) {
                throw new IOException(
                        "the row with the key " + ours.key() + " is still in " + ours.table() + ". Delete it by hand.");
            }
        } catch (SQLException e) {
            throw Sql.failed(e);
        }
        row.set(null);
    }

    @Override
    public Optional<String> damage() {
        return Optional.of(damage.get()).filter(text -> !text.isEmpty());
    }
}

package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * Copies rows of every table, and where the sequences stand, into a database that has the same schema, without firing
 * triggers or checking foreign keys there. All is read under one snapshot, in pieces of one row.
 */
final class RowCopy {
    private static final int ROWS_BETWEEN_CHECKPOINTS = 10_000;
    private static final String TABLES = "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname),"
            + " string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)"
            + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            + " AND a.attgenerated = ''"
            + " WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname NOT LIKE 'pg\\_%'"
            + " AND n.nspname <> 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d"
            + " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') GROUP BY 1 ORDER BY 1";
    private static final String SEQUENCES = "SELECT format('SELECT setval(%L::regclass, %s)',"
            + " quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value)"
            + " FROM pg_sequences WHERE last_value IS NOT NULL ORDER BY 1";

    private final Rig rig;
    private final Connection from;
    private final Connection to;
    private final String limit;

    private record Table(String name, String columns) {}

    /**
     * From one database to another.
     *
     * @param rows how many rows of each table: a number, or {@code all}
     */
    RowCopy(Rig rig, Connection from, Connection to, String rows) {
        this.rig = rig;
        this.from = from;
        this.to = to;
        this.limit = rows.equals("all") ? "" : " LIMIT " + rows;
    }

    void run() throws SQLException, InterruptedException {
        from.setAutoCommit(false);
        Sql.run(from, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        Sql.run(to, "SET session_replication_role = replica");
        for (Table table : tables()) {
            copy(table);
        }
        for (String sequence : Sql.values(from, SEQUENCES)) {
            Sql.run(to, sequence);
        }
        from.rollback();
    }

    private List<Table> tables() throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (Statement statement = from.createStatement();
                ResultSet row = statement.executeQuery(TABLES)) {
            while (row.next()) {
                tables.add(new Table(row.getString(1), row.getString(2)));
            }
        }
        return tables;
    }

    private void copy(Table table) throws SQLException, InterruptedException {
        CopyOut out = from.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT " + table.columns() + " FROM ONLY " + table.name() + limit + ") TO STDOUT");
        CopyIn in = to.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table.name() + " (" + table.columns() + ") FROM STDIN");
        try {
            long rows = 0;
            for (byte[] row = out.readFromCopy(); row != null; row = out.readFromCopy()) {
                in.writeToCopy(row, 0, row.length);
                if (++rows % ROWS_BETWEEN_CHECKPOINTS == 0) {
                    rig.checkpoint();
                }
            }
            in.endCopy();
        } finally {
            if (in.isActive()) {
                in.cancelCopy();
            }
            if (out.isActive()) {
                out.cancelCopy();
            }
        }
    }
}

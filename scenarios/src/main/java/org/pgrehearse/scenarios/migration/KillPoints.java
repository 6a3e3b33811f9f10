package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.pgrehearse.scenarios.environment.Server;

/**
 * Places in a migration where its tool is killed: the end of every command that changes the schema, before its commit,
 * and the begin of every INSERT, UPDATE and DELETE on a table, the tool's own among them. A trigger counts them by a
 * sequence, which no rollback turns back, and waits at the wanted one for a lock that this object holds, so that the
 * kill hits that place and no other.
 */
final class KillPoints implements AutoCloseable {
    private static final long LOCK = 7_221_934_118L;
    private static final String TRIGGER = "CREATE TRIGGER aa_pgrehearse_kill BEFORE INSERT OR UPDATE OR DELETE ON %s"
            + " FOR EACH STATEMENT EXECUTE FUNCTION pgrehearse_kill.at_rows()";
    private static final String[] SETUP = {
        "CREATE SCHEMA pgrehearse_kill",
        "CREATE SEQUENCE pgrehearse_kill.point",
        "CREATE TABLE pgrehearse_kill.wanted (n bigint)",
        "CREATE FUNCTION pgrehearse_kill.pass() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
                + " IF nextval('pgrehearse_kill.point') = (SELECT n FROM pgrehearse_kill.wanted) THEN"
                + " PERFORM pg_advisory_xact_lock(" + LOCK + "); END IF; END $$",
        "CREATE FUNCTION pgrehearse_kill.at_rows() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN PERFORM pgrehearse_kill.pass(); RETURN NULL; END $$",
        "CREATE FUNCTION pgrehearse_kill.at_schema() RETURNS event_trigger LANGUAGE plpgsql AS $$ DECLARE made oid;"
                + " BEGIN IF current_setting('pgrehearse.inside', true) = 'yes' THEN RETURN; END IF;"
                + " PERFORM pgrehearse_kill.pass(); PERFORM set_config('pgrehearse.inside', 'yes', true);"
                + " FOR made IN SELECT objid FROM pg_event_trigger_ddl_commands() d"
                + " JOIN pg_class c ON c.oid = d.objid AND d.classid = c.tableoid"
                + " WHERE d.command_tag IN ('CREATE TABLE', 'CREATE TABLE AS', 'SELECT INTO')"
                + " AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'"
                + " LOOP EXECUTE format('" + TRIGGER + "', made::regclass); END LOOP;"
                + " PERFORM set_config('pgrehearse.inside', 'no', true); END $$",
        "DO $$ DECLARE t oid; BEGIN FOR t IN SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%'"
                + " AND n.nspname NOT IN ('information_schema', 'pgrehearse_kill')"
                + " LOOP EXECUTE format('" + TRIGGER + "', t::regclass); END LOOP; END $$",
        "CREATE EVENT TRIGGER pgrehearse_kill ON ddl_command_end EXECUTE FUNCTION pgrehearse_kill.at_schema()"
    };
    private static final String MET = "SELECT a.query FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
            + " WHERE l.locktype = 'advisory' AND NOT l.granted AND l.database = (SELECT oid FROM pg_database WHERE"
            + " datname = current_database()) AND (l.classid::bigint << 32) + l.objid::bigint = " + LOCK;

    private final Connection connection;

    /**
     * Sets them in a database.
     *
     * @param wanted which one to stop at, from 1; 0 for none, to count them
     */
    KillPoints(Server server, long wanted) throws SQLException {
        connection = server.admin();
        try {
            Sql.run(connection, SETUP);
            Sql.run(
                    connection,
                    "INSERT INTO pgrehearse_kill.wanted VALUES (" + wanted + ")",
                    "SELECT pg_advisory_lock(" + LOCK + ")");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** How many were passed. */
    long passed() throws SQLException {
        return Long.parseLong(Sql.value(
                        connection, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM pgrehearse_kill.point")
                .orElse("0"));
    }

    /** The statement that waits at the wanted one; empty while none does. */
    Optional<String> met() throws SQLException {
        return Sql.value(connection, MET);
    }

    /** Takes all of them out of the database again; no session of the tool may be left. */
    @Override
    public void close() throws SQLException {
        try (connection) {
            Sql.run(
                    connection,
                    "DROP EVENT TRIGGER IF EXISTS pgrehearse_kill",
                    "SET client_min_messages = warning",
                    "DROP SCHEMA IF EXISTS pgrehearse_kill CASCADE");
        }
    }
}

package org.pgrehearse.scenarios.migration;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Side;

/**
 * A fence around one side that no open transaction, no role, no session setting and no prepared transaction gets past.
 *
 * <p>A read-only default alone is no fence: transactions that are open keep writing and commit, and any session may set
 * it back. So logins are taken away first, then every session of others is ended, then prepared transactions are dealt
 * with, and the read-only default stays as a second line behind that. What was changed is remembered, and {@link #lift}
 * puts back exactly that. Not thread-safe.
 */
final class Fence {
    /**
     * A session that was authenticating during one look shows up in the next; two empty looks in a row end the wait.
     */
    private static final int EMPTY_LOOKS = 2;

    /** The default applies to the session that sets it, too, as soon as it is reloaded. */
    private static final String OWN_SESSION_WRITES = "SET default_transaction_read_only = off";

    private static final String DENIED = "42501";
    private static final String RELOAD = "SELECT pg_reload_conf()";

    private final Rig rig;
    private final Side side;
    private final List<String> only;
    private final Door door;
    private Optional<HostRules> rules = Optional.empty();
    private final List<String> rolesShut = new ArrayList<>();
    private int sessionsEnded;

    /** When the database had become read-only, by its server's clock. */
    private String shutAt = "";

    private int emptyLooks;

    /** A fence around the source for every role. */
    Fence(Rig rig) {
        this(rig, Side.SOURCE, List.of(), Door.ROLES);
    }

    /**
     * A fence around a side.
     *
     * @param only the roles it is for, which makes it no fence for the others; none for every role
     * @param door what keeps the roles out
     */
    Fence(Rig rig, Side side, List<String> only, Door door) {
        this.rig = rig;
        this.side = side;
        this.only = List.copyOf(only);
        this.door = door;
    }

    /** What keeps roles out. */
    enum Door {
        /** The roles lose their login; a physical copy of the server inherits that. */
        ROLES,
        /** pg_hba.conf rejects the roles; a file of this server alone. */
        HBA,
        /**
         * The database is read-only by default, and every session that is older than that is ended: what its owner can
         * do without being a superuser. Users may come back and read. A session that sets the default back gets past
         * it.
         */
        DATABASE
    }

    /** What to do with prepared transactions. */
    enum Prepared {
        /** Fail the step: somebody must decide. */
        ABORT,
        /** Roll them back. */
        ROLLBACK
    }

    /** Raises the fence. When this fails half way, {@link #lift} still undoes what was done. */
    Step.Done raise(Prepared prepared, Duration deadline) throws SQLException, StepFailed, InterruptedException {
        try (Connection admin = rig.server(side).admin()) {
            Sql.run(admin, OWN_SESSION_WRITES);
            if (door == Door.DATABASE) {
                requireEveryRole();
                readOnlyDatabase(admin, "SET default_transaction_read_only = on");
                shutAt = Sql.value(admin, "SELECT clock_timestamp()").orElseThrow();
            } else if (only.isEmpty()) {
                Sql.run(admin, "ALTER SYSTEM SET default_transaction_read_only = on", RELOAD);
            }
            shutRoles(admin);
            Waiting.until(rig, deadline, "Ending every session on the " + name(), () -> endSessions(admin));
            int gids = settle(admin, prepared);
            String lsn = Sql.value(admin, "SELECT pg_current_wal_insert_lsn()").orElseThrow();
            rig.recorder().record(new Event.Fenced(rig.recorder().nowNanos(), side, lsn));
            String shut = door == Door.DATABASE
                    ? "made the database read-only by default"
                    : "shut " + rolesShut.size() + " roles (" + String.join(", ", rolesShut) + ")";
            return new Step.Done(
                    shut + ", ended " + sessionsEnded + " sessions, rolled back " + gids
                            + " prepared transactions, fence at " + lsn,
                    this::lift);
        } catch (SQLException | StepFailed | InterruptedException e) {
            lift();
            throw e;
        }
    }

    private void requireEveryRole() throws StepFailed {
        if (!only.isEmpty()) {
            throw new StepFailed("Cannot fence the " + name() + " by its database for some roles only. Leave out"
                    + " roles, or fence by roles.");
        }
    }

    private static void readOnlyDatabase(Connection admin, String what) throws SQLException {
        String database = Sql.value(admin, "SELECT current_database()").orElseThrow();
        Sql.run(admin, "ALTER DATABASE " + Sql.identifier(database) + " " + what);
    }

    private void shutRoles(Connection admin) throws SQLException {
        if (door == Door.DATABASE) {
            return;
        }
        List<String> roles = Sql.values(
                admin,
                "SELECT rolname FROM pg_roles WHERE rolcanlogin AND rolname NOT IN (current_user, ?) ORDER BY 1",
                rig.replicationRole());
        for (String role : roles) {
            if (only.isEmpty() || only.contains(role)) {
                rolesShut.add(role);
            }
        }
        switch (door) {
            case ROLES -> {
                for (String role : rolesShut) {
                    Sql.run(admin, "ALTER ROLE " + Sql.identifier(role) + " NOLOGIN");
                }
            }
            case HBA -> rules = Optional.of(HostRules.reject(admin, rolesShut));
            case DATABASE -> {} // it is the database that is shut
        }
    }

    private Optional<Boolean> endSessions(Connection admin) throws SQLException, StepFailed {
        String ofUsers = switch (door) {
            case ROLES, HBA -> "backend_type = 'client backend'";
            // Of sessions that this role may not see the kind is not told; background workers are nobody's.
            case DATABASE ->
                "coalesce(backend_type, 'client backend') = 'client backend' AND usesysid IS NOT NULL"
                        + " AND datname = current_database()"
                        + " AND coalesce(backend_start < " + Sql.literal(shutAt) + "::timestamptz, true)";
        };
        List<String> ended;
        try {
            ended = Sql.values(
                    admin,
                    "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE " + ofUsers
                            + " AND pid <> pg_backend_pid()"
                            + " AND NOT (usename = current_user AND application_name LIKE 'pgrehearse%')"
                            + " AND (cardinality(?::text[]) = 0 OR usename = ANY (?::text[]))",
                    Sql.array(only),
                    Sql.array(only));
        } catch (SQLException e) {
            if (door == Door.DATABASE && DENIED.equals(e.getSQLState())) {
                throw new StepFailed(
                        "Cannot end the sessions of other roles on the " + name() + ": " + e.getMessage()
                                + ". As a superuser: GRANT pg_signal_backend TO the role of this run.",
                        e);
            }
            throw e;
        }
        sessionsEnded += ended.size();
        emptyLooks = ended.isEmpty() ? emptyLooks + 1 : 0;
        return emptyLooks >= EMPTY_LOOKS ? Optional.of(true) : Optional.empty();
    }

    private int settle(Connection admin, Prepared prepared) throws SQLException, StepFailed {
        List<String> gids = Sql.values(
                admin, "SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared");
        if (!gids.isEmpty() && prepared == Prepared.ABORT) {
            throw new StepFailed("Cannot fence the " + name() + ": " + gids.size()
                    + " prepared transactions could still commit (" + String.join(", ", gids)
                    + "). Commit or roll them back, or set prepared-transactions: rollback.");
        }
        for (String gid : gids) {
            Sql.run(admin, "ROLLBACK PREPARED " + Sql.literal(gid));
        }
        return gids.size();
    }

    /** Takes the fence down: the roles that it shut may log in again, and the read-only default is gone. */
    String lift() throws SQLException {
        long liftedNanos = rig.recorder().nowNanos(); // writes come back with the first role that may log in
        try (Connection admin = rig.server(side).admin()) {
            Sql.run(admin, OWN_SESSION_WRITES);
            switch (door) {
                case ROLES -> {
                    for (String role : rolesShut) {
                        Sql.run(admin, "ALTER ROLE " + Sql.identifier(role) + " LOGIN");
                    }
                }
                case HBA -> {
                    if (rules.isPresent()) {
                        rules.get().putBack(admin);
                    }
                }
                case DATABASE -> readOnlyDatabase(admin, "RESET default_transaction_read_only");
            }
            if (door != Door.DATABASE) {
                Sql.run(admin, "ALTER SYSTEM RESET default_transaction_read_only", RELOAD);
            }
        }
        int roles = rolesShut.size();
        rolesShut.clear();
        rig.recorder().record(new Event.FenceLifted(liftedNanos, side));
        return "lifted the fence: "
                + (door == Door.DATABASE ? "the database may be written again" : roles + " roles may log in again");
    }

    private String name() {
        return side.name().toLowerCase(Locale.ROOT);
    }
}

package org.pgrehearse.scenarios.external;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.environment.Environment;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.scenarios.environment.PgBouncer;
import org.pgrehearse.scenarios.environment.RunServer;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.verifier.endpoint.Endpoint;

/**
 * A pair of databases that somebody else runs. A run makes schemas of its own there, says so before, and takes them
 * away when this is closed. While it is open no other run can use either database.
 */
public final class ExternalEnvironment implements Environment {
    /** Held by a session for as long as a run uses a database: "pgrehears" in bytes, as far as 8 of them go. */
    private static final long LOCK = 0x7067_7265_6865_6172L;

    private final ExternalServer source;
    private final ExternalServer target;
    private final String proxyHost;
    private final Map<String, String> facts;
    private final String run = UUID.randomUUID().toString();
    private final Connection sourceGuard;
    private final Connection targetGuard;
    private boolean closed;

    private ExternalEnvironment(
            Asked source, Asked target, String proxyHost, Connection sourceGuard, Connection targetGuard) {
        this.source = source.server();
        this.target = target.server();
        this.proxyHost = proxyHost;
        this.facts = facts(List.of(source, target));
        this.sourceGuard = sourceGuard;
        this.targetGuard = targetGuard;
    }

    /** A server and what it said. */
    private record Asked(ExternalServer server, ServerFacts facts) {}

    /**
     * Looks at both servers, refuses what must not be, and removes what runs that are gone have left.
     *
     * @param progress hears what will be made and what is removed, one line each
     * @throws EnvironmentException with everything that is in the way; nothing was made then
     */
    public static ExternalEnvironment open(ExternalPair pair, Consumer<String> progress) {
        Asked source =
                ask(Side.SOURCE, Connections.resolve("source", pair.spec().source(), pair.surroundings()));
        Asked target =
                ask(Side.TARGET, Connections.resolve("target", pair.spec().target(), pair.surroundings()));
        refuse(Stream.concat(
                        signs(source, pair).stream(),
                        Stream.concat(
                                signs(target, pair).stream(),
                                Stream.concat(
                                        pair
                                                .needs()
                                                .missingOnSource(
                                                        source.facts(),
                                                        source.server()
                                                                .endpoint()
                                                                .password()
                                                                .isPresent())
                                                .stream(),
                                        pair.needs().missingOnTarget(target.facts()).stream())))
                .toList());
        return guarded(source, target, pair.spec().proxyHost(), progress);
    }

    private static Asked ask(Side side, Endpoint endpoint) {
        ExternalServer unknown = new ExternalServer(side, endpoint, 0);
        try (Connection connection = unknown.admin()) {
            ServerFacts facts = ServerFacts.of(connection);
            return new Asked(new ExternalServer(side, endpoint, facts.major()), facts);
        } catch (SQLException e) {
            throw new EnvironmentException(
                    "Cannot use the " + unknown.name() + " at " + unknown.place() + ": " + e.getMessage()
                            + ". Check environment." + unknown.name() + " and that the server answers.",
                    e);
        }
    }

    private static List<String> signs(Asked asked, ExternalPair pair) {
        ServerFacts facts = asked.facts();
        List<String> signs = ProductionSigns.of(asked.server().host(), facts);
        boolean told = pair.spec().production()
                && Arrays.asList(pair.onProduction().split(",", -1)).contains(facts.database());
        if (signs.isEmpty() || told) {
            return List.of();
        }
        return List.of("Cannot rehearse on the " + asked.server().name() + " "
                + asked.server().place()
                + ": it looks like production, for " + String.join("; ", signs)
                + ". Use a copy; or, if you know better, write \"production: i-know\" into the environment and run with"
                + " --on-production " + facts.database() + ".");
    }

    private static void refuse(List<String> problems) {
        if (!problems.isEmpty()) {
            throw new EnvironmentException(String.join(" ", problems));
        }
    }

    private static ExternalEnvironment guarded(
            Asked source, Asked target, String proxyHost, Consumer<String> progress) {
        try (Guard sourceGuard = new Guard(source.server());
                Guard targetGuard = new Guard(target.server())) {
            long key = UUID.randomUUID().getMostSignificantBits();
            sourceGuard.hold(key);
            if (targetGuard.sees(key)) {
                refuse(List.of("Cannot rehearse between " + source.server().place() + " and "
                        + target.server().place() + ": they are on one server. Name two servers; for a change within"
                        + " one database use the embedded environment."));
            }
            sourceGuard.hold(LOCK);
            targetGuard.hold(LOCK);
            clean(List.of(sourceGuard, targetGuard), progress);
            for (Asked asked : List.of(source, target)) {
                progress.accept("will make on the " + asked.server().name() + ", "
                        + asked.server().place() + ": the schemas shop and pgrehearse, and what the runbook says, and"
                        + " remove them at the end");
            }
            return new ExternalEnvironment(source, target, proxyHost, sourceGuard.handOver(), targetGuard.handOver());
        } catch (SQLException e) {
            throw new EnvironmentException("Cannot prepare the servers: " + e.getMessage() + ".", e);
        }
    }

    private static void clean(List<Guard> guards, Consumer<String> progress) throws SQLException {
        List<String> problems = new ArrayList<>();
        boolean left = false;
        for (Guard guard : guards) {
            Leavings leavings = guard.leavings();
            List<String> others = leavings.ofOthers();
            if (!others.isEmpty()) {
                problems.add("Cannot rehearse on the " + guard.server().name() + " "
                        + guard.server().place() + ": it has " + String.join(", ", others)
                        + ", which no run has made and nothing will touch. Rename or drop that, or name another"
                        + " database.");
            }
            left |= leavings.run().isPresent();
        }
        refuse(problems);
        if (left) {
            for (Guard guard : guards) {
                Optional<String> run = guard.leavings().run();
                run.ifPresent(gone -> progress.accept("removing from the "
                        + guard.server().name() + " what the run " + gone + ", which is gone, has left"));
            }
            removeAll(guards.getFirst().leavings(), guards.getLast().leavings());
        }
    }

    private static void removeAll(Leavings source, Leavings target) throws SQLException {
        List<String> forward = target.dropSubscriptions();
        List<String> back = source.dropSubscriptions();
        source.dropRest(forward);
        target.dropRest(back);
    }

    private static Map<String, String> facts(List<Asked> servers) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (Asked asked : servers) {
            String name = asked.server().name();
            facts.put(name + " place", asked.server().place());
            List<String> lacks = new ArrayList<>();
            if (!asked.facts().seesOthers() && !asked.facts().superuser()) {
                lacks.add("without pg_monitor the statements, locks and sessions of other roles are not seen");
            }
            if (!asked.facts().seesOrigins()) {
                lacks.add("without SELECT on pg_replication_origin_status what was applied is not read");
            }
            if (!lacks.isEmpty()) {
                facts.put(name + " role", String.join("; ", lacks));
            }
            facts.put(
                    name + " users",
                    "all applications log in as " + asked.server().adminRole());
        }
        return facts;
    }

    @Override
    public RunServer source() {
        return source;
    }

    @Override
    public RunServer target() {
        return target;
    }

    private ExternalServer of(Side side) {
        return switch (side) {
            case SOURCE -> source;
            case TARGET -> target;
        };
    }

    @Override
    public Login login(Side side, String role) {
        return of(side).login();
    }

    @Override
    public String replicationRole(Side side) {
        return of(side).adminRole();
    }

    @Override
    public String replicationSecret(Side side) {
        return of(side).secretOptions();
    }

    @Override
    public Optional<String> proxyHost() {
        return Optional.of(proxyHost).filter(host -> !host.isEmpty());
    }

    @Override
    public Map<String, String> facts() {
        return facts;
    }

    @Override
    public void mark(Side side, Connection connection) throws SQLException {
        Leavings.mark(connection, run, of(side).name());
    }

    @Override
    public PgBouncer pooler(Collection<String> roles, PgBouncer.Address lead) {
        throw new EnvironmentException("Cannot start PgBouncer in front of servers that somebody else runs: it would"
                + " need every password. Write the command of a pooler of your own, or use the embedded"
                + " environment.");
    }

    /**
     * Removes what this run has made; an {@link EnvironmentException} says what it could not, and the next run tries.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted(); // a caller in a hurry wants it removed no less
        try (sourceGuard;
                targetGuard;
                Connection onSource = source.admin();
                Connection onTarget = target.admin()) {
            removeAll(new Leavings(onSource), new Leavings(onTarget));
        } catch (SQLException e) {
            throw new EnvironmentException(
                    "Cannot remove all that the run has made: " + e.getMessage()
                            + ". The next run there does; or drop the schemas shop and pgrehearse and what"
                            + " is named pgrehearse.",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A session that keeps other runs away from a database for as long as it lasts. */
    private static final class Guard implements AutoCloseable {
        private final ExternalServer server;
        private final Connection connection;
        private boolean handedOver;

        Guard(ExternalServer server) throws SQLException {
            this.server = server;
            this.connection = server.admin();
        }

        ExternalServer server() {
            return server;
        }

        Leavings leavings() throws SQLException {
            return new Leavings(connection);
        }

        void hold(long key) throws SQLException {
            if (!yes("SELECT pg_try_advisory_lock(?)", key)) {
                throw new EnvironmentException("Cannot rehearse on the " + server.name() + " " + server.place()
                        + ": another run uses it. Wait for its end.");
            }
        }

        /** Locks of every database of the server are seen. */
        boolean sees(long key) throws SQLException {
            return yes(
                    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1"
                            + " AND (classid::bigint << 32) | objid::bigint = ?)",
                    key);
        }

        Connection handOver() {
            handedOver = true;
            return connection;
        }

        private boolean yes(String query, long key) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(query)) {
                statement.setLong(1, key);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() && row.getBoolean(1);
                }
            }
        }

        @Override
        public void close() throws SQLException {
            if (!handedOver) {
                connection.close();
            }
        }
    }
}

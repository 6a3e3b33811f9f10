package org.pgrehearse.scenarios.external;

import java.util.ArrayList;
import java.util.List;

/**
 * What a scenario asks of a pair that somebody else runs, and whether the role that is given may do it.
 *
 * @param replicates whether tables go by logical replication from the source to the target
 * @param fences whether the source's database is made read-only
 */
public record ExternalNeeds(boolean replicates, boolean fences) {
    /** The first version in which an ordinary role may subscribe. */
    private static final int SUBSCRIBERS_SINCE = 16;

    /** What is missing on the source, each with the statement that mends it. */
    List<String> missingOnSource(ServerFacts facts, boolean password) {
        List<String> missing = new ArrayList<>(missing("source", facts));
        if (replicates && !facts.walLevel().equals("logical")) {
            missing.add("Cannot publish on the source: its wal_level is " + facts.walLevel()
                    + ". As a superuser: ALTER SYSTEM SET wal_level = logical; and restart it.");
        }
        if (replicates && !facts.superuser() && !facts.replication()) {
            missing.add("Cannot replicate from the source: \"" + facts.user()
                    + "\" may not. As a superuser: ALTER ROLE " + identifier(facts.user()) + " REPLICATION;");
        }
        if (replicates && !password) {
            missing.add("Cannot subscribe to the source: the target logs in there with a password, and none is known."
                    + " Give one by ${NAME} in environment.source, a service or ~/.pgpass.");
        }
        if (fences && !facts.superuser() && !facts.owner()) {
            missing.add("Cannot fence the source: \"" + facts.user() + "\" does not own the database. As a superuser:"
                    + " ALTER DATABASE " + identifier(facts.database()) + " OWNER TO " + identifier(facts.user())
                    + ";");
        }
        return missing;
    }

    /** What is missing on the target, each with the statement that mends it. */
    List<String> missingOnTarget(ServerFacts facts) {
        List<String> missing = new ArrayList<>(replicates ? missing("target", facts) : List.of());
        if (replicates && !facts.superuser() && facts.major() < SUBSCRIBERS_SINCE) {
            missing.add("Cannot subscribe on the target: PostgreSQL " + facts.major()
                    + " lets only superusers. Use a target of " + SUBSCRIBERS_SINCE + " or newer, or a superuser.");
        } else if (replicates && !facts.superuser() && !facts.maySubscribe()) {
            missing.add("Cannot subscribe on the target: \"" + facts.user() + "\" may not. As a superuser: GRANT"
                    + " pg_create_subscription TO " + identifier(facts.user()) + ";");
        }
        return missing;
    }

    private static List<String> missing(String side, ServerFacts facts) {
        if (facts.standby()) {
            return List.of("Cannot rehearse on the " + side + ": it is a standby. Name its primary.");
        }
        List<String> missing = new ArrayList<>();
        if (!facts.superuser() && !facts.mayCreate()) {
            missing.add("Cannot make schemas on the " + side + ": \"" + facts.user() + "\" may not. As the database's"
                    + " owner: GRANT CREATE ON DATABASE " + identifier(facts.database()) + " TO "
                    + identifier(facts.user()) + ";");
        }
        return missing;
    }

    private static String identifier(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}

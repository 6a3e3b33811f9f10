package org.pgrehearse.verifier.preflight;

import static org.pgrehearse.verifier.preflight.Migration.BUCARDO;
import static org.pgrehearse.verifier.preflight.Migration.DUMP_RESTORE;
import static org.pgrehearse.verifier.preflight.Migration.LOGICAL_REPLICATION;
import static org.pgrehearse.verifier.preflight.Migration.PGCOPYDB;
import static org.pgrehearse.verifier.preflight.Migration.PGLOGICAL;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pgrehearse.verifier.endpoint.Side;
import org.pgrehearse.verifier.preflight.Check.OfOne;
import org.pgrehearse.verifier.preflight.Check.Question;
import org.pgrehearse.verifier.preflight.Check.Severity;

/** Every check there is. */
public final class Checks {
    static final Set<Side> SOURCE = EnumSet.of(Side.SOURCE);
    static final Set<Side> TARGET = EnumSet.of(Side.TARGET);
    static final Set<Side> BOTH = EnumSet.allOf(Side.class);
    static final Set<Migration> EVERY = EnumSet.allOf(Migration.class);
    static final Set<Migration> DECODING = EnumSet.of(LOGICAL_REPLICATION, PGLOGICAL, PGCOPYDB);
    static final Set<Migration> COPYING = EnumSet.of(LOGICAL_REPLICATION, PGLOGICAL, BUCARDO, DUMP_RESTORE, PGCOPYDB);
    static final Set<Migration> SUBSCRIBING = EnumSet.of(LOGICAL_REPLICATION, PGLOGICAL, BUCARDO);

    /** Relations {@code c} of schemas {@code n} that the server, the migration tools and extensions did not make. */
    private static final String OWN_RELATIONS = """
            n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'repack', 'bucardo', 'pgroll', 'pglogical')
              AND NOT EXISTS (SELECT FROM pg_depend e
                WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')\
            """;

    private static final List<Check> ALL = Stream.of(
                    ReplicationChecks.all(),
                    LeftoverChecks.all(),
                    DataChecks.all(),
                    ServerChecks.all(),
                    PairChecks.all())
            .flatMap(List::stream)
            .toList();

    private Checks() {}

    /** All of them, in the order in which they are asked. */
    public static List<Check> all() {
        return ALL;
    }

    /** Those that bite one of these kinds. */
    static List<Check> biting(Set<Migration> kinds) {
        return ALL.stream()
                .filter(check -> !Collections.disjoint(check.affects(), kinds))
                .toList();
    }

    static Question question(String sql) {
        return Question.of(sql(sql));
    }

    static String sql(String text) {
        return text.replace("{own}", OWN_RELATIONS);
    }

    static Check error(String name, Set<Migration> affects, Set<Side> sides, Question question) {
        return new OfOne(name, Severity.ERROR, affects, sides, question);
    }

    static Check warning(String name, Set<Migration> affects, Set<Side> sides, Question question) {
        return new OfOne(name, Severity.WARNING, affects, sides, question);
    }
}

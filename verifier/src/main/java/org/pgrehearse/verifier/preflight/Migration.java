package org.pgrehearse.verifier.preflight;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgrehearse.verifier.InvalidInputException;

/** A kind of migration that a check bites; named by the word that scenarios use. */
public enum Migration {
    LOGICAL_REPLICATION,
    PGLOGICAL,
    BUCARDO,
    DUMP_RESTORE,
    PGCOPYDB,
    PHYSICAL_STANDBY,
    POINT_IN_TIME_RECOVERY,
    PG_REPACK,
    SCHEMA_CHANGE;

    /** The kinds that are meant when none is named: those that bring a database to another server by its rows. */
    public static Set<Migration> unnamed() {
        return EnumSet.of(LOGICAL_REPLICATION, PGLOGICAL, DUMP_RESTORE, PGCOPYDB);
    }

    /**
     * The kind of this word, such as {@code logical-replication}.
     *
     * @throws InvalidInputException when there is none
     */
    public static Migration of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.toString().equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("Cannot check for the migration \"" + word
                        + "\": no such kind. Name one of "
                        + Arrays.stream(values()).map(Migration::toString).collect(Collectors.joining(", "))
                        + "."));
    }

    /** The word for it, such as {@code logical-replication}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package org.pgrehearse.chaos.wire;

/** The connections a fault is meant for. */
public sealed interface Whom {
    /** Every connection. */
    record All() implements Whom {}

    /**
     * One connection.
     *
     * @param number which of the proxy's connections, from 1, in the order they were accepted
     */
    record Session(long number) implements Whom {}

    /** The connection that this server process serves. */
    record Backend(int pid) implements Whom {}

    /** The connections of one user. */
    record User(String name) implements Whom {}

    /** The connections to one database. */
    record Database(String name) implements Whom {}

    /** The connections with this application_name, as it is at the time. */
    record Application(String name) implements Whom {}

    /**
     * A share of the connections, decided once for each from the proxy's seed.
     *
     * @param part from 0 to 1
     */
    record Share(double part) implements Whom {
        public Share {
            if (!(part >= 0 && part <= 1)) {
                throw new IllegalArgumentException("a share is between 0 and 1, not " + part);
            }
        }
    }

    /** The connections in words, such as {@code user web}. */
    default String label() {
        return switch (this) {
            case All _all -> "any connection";
            case Session(long number) -> "connection " + number;
            case Backend(int pid) -> "the connection of process " + pid;
            case User(String name) -> "user " + name;
            case Database(String name) -> "database " + name;
            case Application(String name) -> "application " + name;
            case Share(double part) -> "a share of " + part;
        };
    }
}

package org.pgrehearse.chaos.server;

/** Which sessions of a server a fault ends. Those of the fault itself are never among them. */
public sealed interface Sessions {
    /** Those of one role. */
    record OfUser(String user) implements Sessions {
        public OfUser {
            check(user);
        }
    }

    /** Those in one database. */
    record OfDatabase(String database) implements Sessions {
        public OfDatabase {
            check(database);
        }
    }

    /** Those that call themselves so. */
    record OfApplication(String application) implements Sessions {
        public OfApplication {
            check(application);
        }
    }

    /** Those that send WAL to a standby or a subscriber. */
    record Walsenders() implements Sessions {}

    /** The workers that apply what a subscription receives, and those of its initial copy. */
    record ApplyWorkers() implements Sessions {}

    /** Every client's. */
    record Clients() implements Sessions {}

    private static void check(String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("sessions need a name to be found by");
        }
    }
}

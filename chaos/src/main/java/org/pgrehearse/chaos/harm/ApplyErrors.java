package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** Whether a subscriber's workers have met errors since it was first asked. */
final class ApplyErrors {
    private static final int STATISTICS_SINCE = 150000;
    private static final String COUNTED =
            "SELECT coalesce(sum(apply_error_count + sync_error_count), 0) FROM pg_stat_subscription_stats";
    private static final String ABSENT = "SELECT count(*) FROM pg_subscription b LEFT JOIN pg_stat_subscription s"
            + " ON s.subid = b.oid AND s.relid IS NULL WHERE b.subenabled AND s.pid IS NULL";

    private final SqlAccess access;
    private final AtomicReference<State> before = new AtomicReference<>(new State(false, 0));

    private record State(boolean counts, long errors) {}

    ApplyErrors(SqlAccess access) {
        this.access = access;
    }

    void begin() throws IOException {
        if (Sql.number(access, "SELECT count(*) FROM pg_subscription WHERE subenabled") == 0) {
            throw new IOException("it has no enabled subscription to conflict with. Begin after it is created.");
        }
        boolean counts = Sql.number(access, "SHOW server_version_num") >= STATISTICS_SINCE;
        before.set(new State(counts, counts ? Sql.number(access, COUNTED) : Sql.number(access, ABSENT)));
    }

    /** Servers before 15 count nothing; there a worker that is gone, though it was there, is the sign. */
    Optional<String> since() {
        State then = before.get();
        try {
            long more = Sql.number(access, then.counts() ? COUNTED : ABSENT) - then.errors();
            return more <= 0
                    ? Optional.empty()
                    : Optional.of(then.counts() ? more + " errors of apply workers" : "the apply worker is gone");
        } catch (IOException unanswered) {
            return Optional.empty();
        }
    }
}

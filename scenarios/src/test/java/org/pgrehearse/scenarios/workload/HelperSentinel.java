package org.pgrehearse.scenarios.workload;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.JournalWriter;
import org.pgrehearse.reports.journal.RunClock;
import org.pgrehearse.reports.journal.Side;
import org.pgrehearse.scenarios.topology.Application;
import org.pgrehearse.scenarios.topology.Gateway;
import org.pgrehearse.scenarios.topology.Login;
import org.pgrehearse.scenarios.topology.PoolLimits;
import org.pgrehearse.scenarios.topology.Route;
import org.pgrehearse.scenarios.topology.Timeouts;

/** A sentinel in a JVM of its own, which a test can stop; it probes until its input ends. */
final class HelperSentinel {
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(5));

    private HelperSentinel() {}

    /** Arguments: the server's port, and the journal's file. */
    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        Route route = new Route(
                List.of(new Gateway(Side.SOURCE, "127.0.0.1", Integer.parseInt(arguments[0]), "postgres")),
                Side.SOURCE);
        try (JournalWriter journal = new JournalWriter(Path.of(arguments[1]), RunClock.startedNow());
                Application application =
                        new Application("sentinel", Login.trusted("postgres"), route, TIMEOUTS, PoolLimits.of(10))) {
            journal.record(new Event.AuthorityMoved(journal.nowNanos(), Side.SOURCE));
            Sentinel sentinel = Sentinel.start(ProbePlan.usual(), application, Tokens.recorded(), journal);
            System.out.println("probing");
            int end = System.in.read();
            sentinel.stop();
            journal.record(new Event.RunClosed(journal.nowNanos(), Event.Ending.COMPLETED, ""));
            System.out.println("ended " + end);
        }
    }
}

package org.pgrehearse.chaos.proxy;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits with a deadline. */
public final class Waiting {
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(5);

    private Waiting() {}

    public static void until(Callable<Boolean> condition) {
        await().dontCatchUncaughtExceptions()
                .atMost(DEADLINE)
                .pollInterval(INTERVAL)
                .until(condition);
    }
}

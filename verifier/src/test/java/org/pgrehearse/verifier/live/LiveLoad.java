package org.pgrehearse.verifier.live;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.pgrehearse.verifier.testkit.Database;

/** Connections that write random rows of a source without pause: inserts, updates, deletes and changed keys. */
final class LiveLoad implements AutoCloseable {
    private static final int WRITERS = 3;
    private static final String WRITE = """
            DO $$ DECLARE k bigint; BEGIN FOR i IN 1..20 LOOP
              k := 1 + floor(random() * 20000);
              CASE floor(random() * 5)::int
                WHEN 0 THEN DELETE FROM hot WHERE id = k;
                WHEN 1 THEN INSERT INTO hot VALUES (k, i, 'new') ON CONFLICT DO NOTHING;
                WHEN 2 THEN UPDATE hot SET id = -id WHERE id = k AND NOT EXISTS (SELECT FROM hot h WHERE h.id = -k);
                WHEN 3 THEN UPDATE split SET v = v + 1 WHERE id = 1 + k % 900;
                ELSE UPDATE hot SET v = v + 1, note = md5(random()::text) WHERE id = k;
              END CASE;
            END LOOP; INSERT INTO log VALUES (md5(random()::text)); END $$
            """;

    private final ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
    private final List<Future<?>> writers = new ArrayList<>();
    private final AtomicLong operations = new AtomicLong();
    private volatile boolean stopped;

    /** Writers that run until closed. */
    static LiveLoad start(Database source) {
        LiveLoad load = new LiveLoad();
        for (int i = 0; i < WRITERS; i++) {
            load.writers.add(load.executor.submit(() -> load.write(source)));
        }
        return load;
    }

    private void write(Database source) {
        try (Connection connection = source.open();
                Statement statement = connection.createStatement()) {
            while (!stopped) {
                try {
                    statement.execute(WRITE);
                    operations.addAndGet(20);
                } catch (SQLException e) {
                    // Two writers may meet: a deadlock or the same new key ends one of them, as in any application.
                    if (!List.of("40P01", "23505").contains(e.getSQLState())) {
                        throw e;
                    }
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Statements that committed so far. */
    long operations() {
        return operations.get();
    }

    @Override
    public void close() throws InterruptedException {
        stopped = true;
        executor.shutdown();
        if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a writer does not end");
        }
        if (writers.stream().anyMatch(writer -> writer.state() == Future.State.FAILED)) {
            throw new IllegalStateException("a writer failed");
        }
    }
}

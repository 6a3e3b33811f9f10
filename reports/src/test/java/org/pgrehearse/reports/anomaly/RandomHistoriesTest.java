package org.pgrehearse.reports.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pgrehearse.reports.journal.Action;
import org.pgrehearse.reports.journal.Event;
import org.pgrehearse.reports.journal.Isolation;
import org.pgrehearse.reports.journal.Outcome;
import org.pgrehearse.reports.journal.Side;

/** Histories of a database that keeps its promise show nothing that it excludes, whatever the schedule. */
final class RandomHistoriesTest {
    private static final int HISTORIES = 300;

    @Test
    void serial_execution_shows_no_anomaly_at_all() {
        for (int seed = 0; seed < HISTORIES; seed++) {
            Anomalies found = judged(new Model(seed, Isolation.SERIALIZABLE, 1).run(200));
            assertThat(found.found()).as("seed %d", seed).isEmpty();
            assertThat(found.reads()).as("seed %d", seed).isPositive();
        }
    }

    @Test
    void snapshot_isolation_shows_write_skew_and_nothing_else() {
        long skews = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            Anomalies found = judged(new Model(seed, Isolation.REPEATABLE_READ, 6).run(200));
            assertThat(found.found().stream().filter(Anomalies.Found::forbidden))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(found.doubt()).as("seed %d", seed).isEmpty();
            skews += found.allowed();
        }
        assertThat(skews).isGreaterThan(HISTORIES / 10);
    }

    @Test
    void snapshot_isolation_sold_as_serializable_is_found_out() {
        long caught = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            Anomalies found = judged(new Model(seed, Isolation.SERIALIZABLE, 6).run(200));
            caught += found.forbidden(Anomaly.G2_ITEM) > 0 ? 1 : 0;
            assertThat(found.forbidden()).as("seed %d", seed).isEqualTo(found.forbidden(Anomaly.G2_ITEM));
        }
        assertThat(caught).isGreaterThan(HISTORIES / 10);
    }

    @Test
    void the_same_history_is_judged_the_same() {
        List<Event.Transaction> history = new Model(7, Isolation.SERIALIZABLE, 6).run(500);
        assertThat(judged(history)).isEqualTo(judged(history));
    }

    private static Anomalies judged(List<Event.Transaction> events) {
        TransactionHistory history = new TransactionHistory();
        events.forEach(history::add);
        return history.judge();
    }

    /** A database of a few lists and registers: snapshots when transactions begin, first committer wins. */
    private static final class Model {
        private static final int KEYS = 5;
        private static final int ACTIONS_MAX = 4;

        private final Random random;
        private final Isolation isolation;
        private final int sessions;
        private final Map<Long, List<Long>> lists = new HashMap<>();
        private final Map<Long, long[]> registers = new HashMap<>();
        private final Map<Long, Integer> changed = new HashMap<>();
        private final List<Open> open = new ArrayList<>();
        private final List<Event.Transaction> events = new ArrayList<>();
        private int commits;
        private long value;
        private long now;
        private int nextProcess = 100;

        Model(int seed, Isolation isolation, int sessions) {
            this.random = new Random(seed);
            this.isolation = isolation;
            this.sessions = sessions;
        }

        List<Event.Transaction> run(int transactions) {
            while (events.size() < transactions) {
                now += 1_000 + random.nextInt(1_000);
                if (open.size() < sessions && random.nextBoolean()) {
                    open.add(new Open(now));
                } else if (!open.isEmpty()) {
                    Open one = open.get(random.nextInt(open.size()));
                    if (one.actions.size() < ACTIONS_MAX && random.nextInt(3) > 0) {
                        one.act();
                    } else {
                        open.remove(one);
                        one.end();
                    }
                }
            }
            return events;
        }

        private final class Open {
            private final long started;
            private final int snapshotCommits = commits;
            private final int process = nextProcess++;
            private final Map<Long, List<Long>> seenLists = new HashMap<>();
            private final Map<Long, long[]> seenRegisters = new HashMap<>(registers);
            private final Map<Long, Boolean> written = new HashMap<>();
            private final List<Action> actions = new ArrayList<>();

            Open(long started) {
                this.started = started;
                lists.forEach((key, values) -> seenLists.put(key, new ArrayList<>(values)));
            }

            void act() {
                long key = random.nextInt(KEYS);
                boolean list = key < KEYS - 2;
                if (list && random.nextBoolean()) {
                    actions.add(new Action.ReadList(key, seenLists.getOrDefault(key, List.of())));
                } else if (list) {
                    actions.add(new Action.Append(key, ++value));
                    seenLists.computeIfAbsent(key, unused -> new ArrayList<>()).add(value);
                    written.put(key, true);
                } else if (random.nextBoolean()) {
                    long[] seen = seenRegisters.get(key);
                    actions.add(
                            new Action.ReadRegister(key, seen == null ? null : seen[0], seen == null ? 0 : seen[1]));
                } else {
                    long[] seen = seenRegisters.getOrDefault(key, new long[] {0, 0});
                    seenRegisters.put(key, new long[] {++value, seen[1] + 1});
                    actions.add(new Action.Write(key, value, seen[1] + 1));
                    written.put(key, true);
                }
            }

            void end() {
                boolean conflict =
                        written.keySet().stream().anyMatch(key -> changed.getOrDefault(key, 0) > snapshotCommits);
                boolean cut = random.nextInt(20) == 0;
                boolean commit = !conflict && !(cut && random.nextBoolean());
                if (commit) {
                    commits++;
                    written.keySet().forEach(this::install);
                }
                now += 500;
                events.add(new Event.Transaction(
                        now,
                        "model",
                        process,
                        started,
                        started,
                        now,
                        cut ? Outcome.UNKNOWN : commit ? Outcome.ACKNOWLEDGED : Outcome.FAILED,
                        Side.SOURCE,
                        isolation,
                        actions));
            }

            private void install(long key) {
                changed.put(key, commits);
                if (seenLists.containsKey(key)) {
                    lists.put(key, new ArrayList<>(seenLists.getOrDefault(key, List.of())));
                } else {
                    registers.put(key, seenRegisters.getOrDefault(key, new long[2]));
                }
            }
        }
    }
}

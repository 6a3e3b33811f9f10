package org.pgrehearse.scenarios.capture;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts what a capture kept and what it left out. Safe for use by many threads. */
public final class Tally {
    private static final int EXAMPLES_MAX = 20;
    private static final int SESSIONS_MAX = 1_000_000;

    private final Map<String, Long> skipped = new TreeMap<>();
    private final List<String> examples = new ArrayList<>();
    private final Set<String> sessions = new HashSet<>();
    private long statements;

    Tally() {}

    synchronized void skip(String reason, String place, String why) {
        long before = skipped.merge(reason, 1L, Long::sum);
        if (before <= EXAMPLES_MAX) {
            examples.add(place + ": " + why);
        }
    }

    synchronized void count(Recorded recorded) {
        if (!recorded.ends()) {
            statements++;
        }
        if (sessions.size() < SESSIONS_MAX) {
            sessions.add(recorded.session());
        }
    }

    /** Statements that were kept. */
    public synchronized long statements() {
        return statements;
    }

    /** Sessions they belong to, at most a million. */
    public synchronized long sessions() {
        return sessions.size();
    }

    /** What was left out, by reason. */
    public synchronized Map<String, Long> skipped() {
        return Map.copyOf(skipped);
    }

    /** Where and why, the first twenty of each reason: {@code file:line: why}. */
    public synchronized List<String> examples() {
        return List.copyOf(examples);
    }
}

package org.pgrehearse.scenarios.workload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgrehearse.scenarios.capture.Copies;
import org.pgrehearse.scenarios.capture.Recorded;

/** A recording cut into sessions and transactions. Pure. */
final class ReplaySessions {
    private static final Pattern BEGIN = Pattern.compile("(?is)\\s*(?:begin|start\\s+transaction)\\b(?!.*;\\s*\\S).*");
    private static final Pattern COMMIT =
            Pattern.compile("(?is)\\s*(?:commit|end)(?:\\s+(?:work|transaction))?\\s*;?\\s*");
    private static final Pattern ROLLBACK =
            Pattern.compile("(?is)\\s*(?:rollback|abort)(?:\\s+(?:work|transaction))?\\s*;?\\s*");
    private static final Pattern WORD = Pattern.compile("\\s*\\(*\\s*(\\w+)");
    private static final Set<String> WRITES = Set.of("insert", "update", "delete", "merge");
    private static final Set<String> READS = Set.of(
            "select",
            "table",
            "values",
            "show",
            "explain",
            "begin",
            "start",
            "commit",
            "end",
            "rollback",
            "abort",
            "savepoint",
            "release",
            "set");

    private ReplaySessions() {}

    /** The sessions, each with its transactions in their order. */
    static List<Session> of(List<Recorded> recorded) {
        Map<String, List<Recorded>> bySession = new LinkedHashMap<>();
        for (Recorded each : recorded) {
            bySession.computeIfAbsent(each.session(), name -> new ArrayList<>()).add(each);
        }
        return bySession.values().stream().map(ReplaySessions::session).toList();
    }

    private static Session session(List<Recorded> recorded) {
        List<Group> groups = new ArrayList<>();
        List<Recorded> open = new ArrayList<>();
        long endMicros =
                recorded.getLast().atMicros() + Math.max(0, recorded.getLast().durationMicros());
        for (Recorded each : recorded) {
            if (each.ends()) {
                endMicros = each.atMicros();
            } else if (open.isEmpty() && !BEGIN.matcher(sql(each)).matches()) {
                groups.add(new Group(List.of(each), kind(each)));
            } else {
                open.add(each);
                boolean commit = COMMIT.matcher(sql(each)).matches();
                if (commit || ROLLBACK.matcher(sql(each)).matches()) {
                    groups.add(new Group(open, kind(open, commit)));
                    open = new ArrayList<>();
                }
            }
        }
        if (!open.isEmpty()) {
            groups.add(new Group(open, Kind.UNFINISHED));
        }
        return new Session(groups, endMicros);
    }

    private static Kind kind(Recorded single) {
        boolean proven = WRITES.contains(word(sql(single))) || Copies.fromClient(sql(single));
        return proven ? Kind.PROVEN : reads(single) ? Kind.READS : Kind.AS_IS;
    }

    private static boolean reads(Recorded each) {
        return READS.contains(word(sql(each))) || Copies.toClient(sql(each));
    }

    /** Only a transaction that committed all it did can be joined by the ledger. */
    private static Kind kind(List<Recorded> group, boolean commit) {
        boolean reads = group.stream().allMatch(ReplaySessions::reads);
        boolean whole =
                commit && group.stream().allMatch(each -> each.sqlState().isEmpty());
        boolean readOnly = sql(group.getFirst()).toLowerCase(Locale.ROOT).contains("read only");
        return reads ? Kind.READS : whole && !readOnly ? Kind.PROVEN : Kind.AS_IS;
    }

    private static String word(String sql) {
        Matcher word = WORD.matcher(sql);
        return word.lookingAt() ? word.group(1).toLowerCase(Locale.ROOT) : "";
    }

    private static String sql(Recorded recorded) {
        String sql = recorded.sql();
        return sql == null ? "" : sql;
    }

    /** What one session did, and when it was closed. */
    record Session(List<Group> groups, long endMicros) {
        Session {
            groups = List.copyOf(groups);
        }
    }

    /** The statements of one transaction; its BEGIN and COMMIT among them when it had them. */
    record Group(List<Recorded> statements, Kind kind) {
        Group {
            statements = List.copyOf(statements);
        }

        long atMicros() {
            return statements.getFirst().atMicros();
        }
    }

    /** How a transaction is replayed. */
    enum Kind {
        /** It writes and committed: in one transaction with its row in the ledger. */
        PROVEN,
        /** Statement by statement, as it is recorded; it only reads. */
        READS,
        /** Statement by statement, as it is recorded; it may write. */
        AS_IS,
        /** The recording ends in it: it is replayed as it is and never ended. */
        UNFINISHED
    }
}

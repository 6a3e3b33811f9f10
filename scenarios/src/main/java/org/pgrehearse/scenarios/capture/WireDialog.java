package org.pgrehearse.scenarios.capture;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.capture.WireStatement.Prepared;
import org.pgrehearse.scenarios.capture.WireStatement.Value;

/**
 * What one client has asked and its server has not answered yet: answers come in the order of the questions, and after
 * a failure nothing is answered before the next Sync. Guarded by its session's lock.
 */
final class WireDialog {
    /** A client that sends more without waiting for an answer is not followed any longer. */
    static final int UNANSWERED_MAX = 100_000;

    /** More prepared statements, or portals, of one session are not known. */
    static final int NAMES_MAX = 10_000;

    private static final int TEXT_BYTES_ROUGHLY = 64;
    private static final String LOST = "08006";

    private final String name;
    private final WireBudget budget;
    private final LongSupplier micros;
    private final Sink sink;
    private final Map<String, Prepared> statements = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();
    private final Deque<Asked> asked = new ArrayDeque<>();
    private boolean skipping;
    private boolean ready;
    private boolean ascii;
    private long held;

    WireDialog(String name, WireBudget budget, LongSupplier micros, Sink sink) {
        this.name = name;
        this.budget = budget;
        this.micros = micros;
        this.sink = sink;
    }

    /** Takes what was found; never blocks. */
    interface Sink {
        void found(Recorded recorded, String place);

        void leftOut(String reason, String place, String why);
    }

    /** A statement with its parameters. */
    private static final class Portal {
        private final Prepared prepared;
        private final List<Value> values;
        private final int[] formats;
        private final long bytes;
        private boolean executed;

        Portal(Prepared prepared, List<Value> values, int[] formats, long bytes) {
            this.prepared = prepared;
            this.values = values;
            this.formats = formats.clone();
            this.bytes = bytes;
        }
    }

    /** Something the server is going to answer. */
    private sealed interface Asked {
        record Simple(WireStatement run) implements Asked {}

        record Parse(String name, Prepared made, @Nullable Prepared before) implements Asked {}

        record Describe(@Nullable Prepared what) implements Asked {}

        record Execute(WireStatement run) implements Asked {}

        /** More rows of a portal that was executed before. */
        record Fetch() implements Asked {}

        /** The binding of a portal, or the closing of something. */
        record Other(char answer) implements Asked {}

        record Sync() implements Asked {}
    }

    String place() {
        return "connection " + name;
    }

    /** Whether the server has let the client in. */
    boolean ready() {
        return ready;
    }

    /** From now on only texts without other characters can be read. */
    void readAscii(boolean only) {
        ascii = only;
    }

    void query(String sql) throws WireDamage {
        ask(new Asked.Simple(run(new Prepared(sql, new int[0]))));
    }

    /** A simple query, or call, that cannot be kept. */
    void queryLeftOut(String reason) throws WireDamage {
        ask(new Asked.Simple(unknown(reason)));
    }

    void parse(String statement, Prepared made) throws WireDamage {
        @Nullable Prepared before = statements.get(statement);
        if (statements.size() < NAMES_MAX && hold(bytes(made))) {
            statements.put(statement, made);
        } else {
            statements.remove(statement);
        }
        ask(new Asked.Parse(statement, made, before));
    }

    /** A statement whose name is not known, so that no name is any longer. */
    void parseLeftOut() throws WireDamage {
        statements.clear();
        ask(new Asked.Other('1'));
    }

    void bind(String portal, String statement, List<Value> values, int[] formats, int bytes) throws WireDamage {
        forget(portal);
        @Nullable Prepared prepared = statements.get(statement);
        long size = (long) bytes + TEXT_BYTES_ROUGHLY;
        if (prepared != null && portals.size() < NAMES_MAX && hold(size)) {
            portals.put(portal, new Portal(prepared, values, formats, size));
        }
        ask(new Asked.Other('2'));
    }

    /** The same for a portal. */
    void bindLeftOut() throws WireDamage {
        portals.clear();
        ask(new Asked.Other('2'));
    }

    void describe(boolean statement, String what) throws WireDamage {
        @Nullable Portal portal = portals.get(what);
        ask(new Asked.Describe(statement ? statements.get(what) : portal == null ? null : portal.prepared));
    }

    void execute(String what) throws WireDamage {
        @Nullable Portal portal = portals.get(what);
        if (portal == null) {
            ask(new Asked.Execute(unknown("unknown")));
        } else if (portal.executed) {
            ask(new Asked.Fetch());
        } else {
            portal.executed = true;
            ask(new Asked.Execute(
                    new WireStatement(budget, micros.getAsLong(), portal.prepared, portal.values, portal.formats)));
        }
    }

    void close(boolean statement, String what) throws WireDamage {
        if (statement) {
            @Nullable Prepared gone = statements.remove(what);
            letGo(gone == null ? 0 : bytes(gone));
        } else {
            forget(what);
        }
        ask(new Asked.Other('3'));
    }

    void sync() throws WireDamage {
        ask(new Asked.Sync());
    }

    /** The statement that is answered now, or will be next. */
    Optional<WireStatement> running() {
        return asked.stream().flatMap(each -> runOf(each).stream()).findFirst();
    }

    void columns(int[] types) {
        switch (asked.peek()) {
            case Asked.Simple(WireStatement run) -> run.columns(types);
            case Asked.Describe(Prepared what) -> {
                asked.poll();
                if (what != null) {
                    what.columns(types);
                }
            }
            case null -> {}
            case Asked _other -> {}
        }
    }

    void parameters(int[] types) {
        if (asked.peek() instanceof Asked.Describe(Prepared what) && what != null) {
            what.parameters(types);
        }
    }

    /** Whether the next row is of use. */
    boolean wantsRows() {
        return switch (asked.peek()) {
            case Asked.Simple(WireStatement run) -> run.generates();
            case Asked.Execute(WireStatement run) -> run.generates();
            case null -> false;
            case Asked _other -> false;
        };
    }

    void row(ByteBuffer body) {
        running().ifPresent(run -> run.row(body));
    }

    /** The server answered with one of the messages that have nothing but a meaning. */
    void answered(char type) throws WireDamage {
        switch (type) {
            case '1' -> done(asked.peek() instanceof Asked.Parse || isOther('1'), type);
            case '2', '3' -> done(isOther(type), type);
            case 'n' -> done(asked.peek() instanceof Asked.Describe, type);
            case 'C', 's', 'I' -> executed(type);
            case 'Z' -> readyAgain();
            default -> {}
        }
    }

    private boolean isOther(char answer) {
        return asked.peek() instanceof Asked.Other(char expected) && expected == answer;
    }

    private void done(boolean expected, char type) throws WireDamage {
        if (!expected) {
            throw new WireDamage("an answer '" + type + "' that was not asked for");
        }
        asked.poll();
    }

    private void executed(char type) throws WireDamage {
        switch (asked.peek()) {
            case Asked.Simple _simple -> {} // perhaps of several statements: Z ends them
            case Asked.Fetch _fetch -> asked.poll();
            case Asked.Execute(WireStatement run) -> {
                asked.poll();
                finish(run);
            }
            case null -> throw new WireDamage("an answer '" + type + "' to nothing");
            case Asked _other -> throw new WireDamage("an answer '" + type + "' that was not asked for");
        }
    }

    private void readyAgain() throws WireDamage {
        if (!ready) {
            ready = true;
            return;
        }
        switch (asked.poll()) {
            case Asked.Simple(WireStatement run) -> finish(run);
            case Asked.Sync _sync -> {}
            case null -> throw new WireDamage("an answer 'Z' to nothing");
            case Asked _other -> throw new WireDamage("an answer 'Z' that was not asked for");
        }
    }

    /** What was asked now failed; in the extended protocol nothing else is done before the next Sync. */
    void failed(String sqlState) {
        switch (asked.peek()) {
            case null -> {} // last words before the server ends the session
            case Asked.Simple(WireStatement run) -> run.failed(sqlState);
            case Asked.Sync _sync ->
                sink.leftOut("commit-failed", place(), "the failure of what its statements had done: " + sqlState);
            case Asked head -> {
                failing(head).ifPresent(each -> {
                    each.failed(sqlState);
                    finish(each);
                });
                skipping = true;
                while (!asked.isEmpty() && skipping) {
                    skipping = !(asked.peek() instanceof Asked.Sync);
                    if (skipping) {
                        runOf(asked.remove()).ifPresent(never -> never.leaveOut("never executed"));
                    }
                }
            }
        }
    }

    /** The statement that the failed message belongs to. */
    private Optional<WireStatement> failing(Asked head) {
        if (head instanceof Asked.Parse(String statement, Prepared made, Prepared before)) {
            statements.remove(statement);
            if (before != null) {
                statements.put(statement, before);
            }
            return firstRun().or(() -> Optional.of(run(made)));
        }
        return firstRun();
    }

    private Optional<WireStatement> firstRun() {
        for (Asked each : asked) {
            if (each instanceof Asked.Execute(WireStatement run)) {
                return Optional.of(run);
            }
            if (each instanceof Asked.Sync) {
                break;
            }
        }
        return Optional.empty();
    }

    /** Tells what was never answered, and the end of the session; gives back all memory. */
    void end() {
        for (Asked each : asked) {
            runOf(each).ifPresent(run -> {
                run.failed(LOST);
                finish(run);
            });
        }
        if (ready) {
            sink.found(new Recorded(name, micros.getAsLong(), null, List.of(), -1, ""), place());
        }
        ready = false;
        asked.clear();
        statements.clear();
        portals.clear();
        letGo(held);
    }

    private static Optional<WireStatement> runOf(Asked each) {
        return switch (each) {
            case Asked.Simple(WireStatement run) -> Optional.of(run);
            case Asked.Execute(WireStatement run) -> Optional.of(run);
            case Asked _other -> Optional.empty();
        };
    }

    private void finish(WireStatement run) {
        WireStatement.Found found = run.found(name, micros.getAsLong(), ascii);
        if (!ready) {
            return; // nobody was let in yet, so nothing was done
        }
        if (found.leftOut().isEmpty()) {
            sink.found(found.recorded(), place());
        } else {
            sink.leftOut(found.leftOut(), place(), "a statement of which not all could be kept");
        }
    }

    private void ask(Asked what) throws WireDamage {
        if (asked.size() >= UNANSWERED_MAX) {
            throw new WireDamage("more than " + UNANSWERED_MAX + " messages without an answer");
        }
        if (what instanceof Asked.Sync) {
            skipping = false;
        }
        if (!skipping) {
            asked.add(what);
        }
    }

    private WireStatement run(Prepared prepared) {
        return new WireStatement(budget, micros.getAsLong(), prepared, List.of(), new int[0]);
    }

    private WireStatement unknown(String reason) {
        WireStatement run = run(new Prepared("", new int[0]));
        run.leaveOut(reason);
        return run;
    }

    private void forget(String portal) {
        @Nullable Portal gone = portals.remove(portal);
        letGo(gone == null ? 0 : gone.bytes);
    }

    private static long bytes(Prepared prepared) {
        return TEXT_BYTES_ROUGHLY + 2L * prepared.sql().length();
    }

    private boolean hold(long bytes) {
        boolean free = budget.reserve(bytes);
        held += free ? bytes : 0;
        return free;
    }

    /** Statements that are replaced keep their bytes until the session ends: it never gives back more than it has. */
    private void letGo(long bytes) {
        long some = Math.min(bytes, held);
        budget.release(some);
        held -= some;
    }
}

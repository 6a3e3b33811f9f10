package org.pgrehearse.scenarios.ids;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.scenarios.capture.Copies;
import org.pgrehearse.scenarios.capture.Recorded;

/**
 * Which value the replay's server generated in the place of each that the recorded one did. A value of a statement is
 * replaced when its column is known from the statement's text and holds the same ids as the column or sequence that the
 * value was generated for, and when that happened before in the recording, in whichever session. Safe for use by many
 * threads.
 */
public final class IdMapping {
    /** More generated values than this are not mapped. */
    public static final int IDS_MAX = 1_000_000;

    /** How long a statement waits for another session to generate what it needs; then it runs as it is recorded. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(2);

    private static final int STATEMENTS_REMEMBERED_MAX = 10_000;

    private final @Nullable IdCatalog catalog;
    private final Map<String, Map<String, Slot>> slots = new HashMap<>();
    private final Set<String> values = ConcurrentHashMap.newKeySet();
    private final IdentityHashMap<Recorded, List<@Nullable String>> answers = new IdentityHashMap<>();
    private final IdentityHashMap<Recorded, List<Slot>> made = new IdentityHashMap<>();
    private final Map<String, IdStatement> remembered = new ConcurrentHashMap<>();
    private int size;
    private long beyond;
    private long silent;

    private IdMapping(@Nullable IdCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * A value that the recorded server generated. Its own session may use it once it is known; any other must find its
     * row committed, as it did in the recording.
     */
    private static final class Slot {
        private final CountDownLatch known = new CountDownLatch(1);
        private final CountDownLatch committed = new CountDownLatch(1);
        private final String session;
        private final long knownMicros;
        private Recorded maker;
        private volatile @Nullable String actual;

        Slot(Recorded generator, long knownMicros) {
            this.session = generator.session();
            this.knownMicros = knownMicros;
            this.maker = generator;
        }

        CountDownLatch readyFor(Recorded user) {
            return user.session().equals(session) || maker.atMicros() > user.atMicros() ? known : committed;
        }
    }

    /** Maps nothing. */
    public static IdMapping none() {
        return new IdMapping(null);
    }

    /** Finds what a recording's server generated. */
    public static IdMapping of(List<Recorded> recording, IdCatalog catalog) {
        IdMapping mapping = new IdMapping(catalog);
        Map<String, String> last = new HashMap<>();
        for (Recorded each : recording) {
            String sql = each.sql();
            if (sql != null && each.sqlState().isEmpty()) {
                mapping.find(each, mapping.statement(sql), last);
            }
        }
        mapping.slots.values().forEach(bySequence -> bySequence.values().forEach(mapping::expect));
        return mapping;
    }

    private void expect(Slot slot) {
        made.computeIfAbsent(slot.maker, key -> new ArrayList<>()).add(slot);
    }

    /** A value that was drawn before, such as by nextval(), gets its row by the statement that stores it. */
    private void findMaker(Recorded recorded, IdStatement statement) {
        for (IdStatement.Place place : statement.places()) {
            String value = place.home() ? value(recorded, place.value()) : null;
            Slot slot = value == null ? null : slot(place.ids(), value);
            if (slot != null) {
                slot.maker = recorded;
            }
        }
    }

    private void find(Recorded recorded, IdStatement statement, Map<String, String> last) {
        if (!statement.drawn().isEmpty()) {
            last.put(recorded.session(), statement.drawn());
        }
        findMaker(recorded, statement);
        List<@Nullable String> ids = new ArrayList<>();
        for (@Nullable String each : statement.answer()) {
            ids.add(IdStatement.LAST.equals(each) ? last.get(recorded.session()) : each);
        }
        List<List<@Nullable String>> results = recorded.results();
        if (ids.isEmpty() || results == null) {
            silent += ids.isEmpty() ? 0 : 1;
            return;
        }
        answers.put(recorded, ids);
        long known = recorded.atMicros() + Math.max(0, recorded.durationMicros());
        for (List<@Nullable String> row : results) {
            for (int i = 0; i < Math.min(ids.size(), row.size()); i++) {
                add(ids.get(i), row.get(i), recorded, known);
            }
        }
    }

    private void add(@Nullable String ids, @Nullable String value, Recorded generator, long knownMicros) {
        if (ids == null || value == null) {
            return;
        }
        if (size >= IDS_MAX) {
            beyond++;
        } else if (slots.computeIfAbsent(ids, key -> new HashMap<>())
                        .putIfAbsent(normal(value), new Slot(generator, knownMicros))
                == null) {
            size++;
            values.add(normal(value));
        }
    }

    private static String normal(String value) {
        return value.strip().toLowerCase(Locale.ROOT);
    }

    private IdStatement statement(String sql) {
        IdStatement known = remembered.get(sql);
        if (known != null) {
            return known;
        }
        IdStatement read = IdStatement.of(sql, requireNonNull(catalog));
        if (remembered.size() < STATEMENTS_REMEMBERED_MAX) {
            remembered.put(sql, read);
        }
        return read;
    }

    /** Whether the recording holds any value that can be mapped. */
    public boolean isEmpty() {
        return size == 0;
    }

    /** Statements that generate values which the recording does not hold, because it was made of a log. */
    public long silent() {
        return silent;
    }

    /** Generated values that were too many to be mapped. */
    public long beyond() {
        return beyond;
    }

    /**
     * A statement as it is to be replayed.
     *
     * @param mapped how many of its values were replaced
     * @param unmapped how many are generated ones for which the replay has none, or none yet
     * @param unproven how many equal a generated one, in places of no known column; they stay as they are
     */
    public record Mapped(
            String sql,
            List<@Nullable String> parameters,
            @Nullable String copy,
            int mapped,
            int unmapped,
            int unproven) {
        public Mapped {
            parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
        }
    }

    /** Puts the values in place that the replay generated; may wait for them as long as {@link #WAIT_MAX}. */
    public Mapped map(Recorded recorded) throws InterruptedException {
        String sql = String.valueOf(recorded.sql());
        if (size == 0) {
            return new Mapped(sql, recorded.parameters(), recorded.copy(), 0, 0, 0);
        }
        return new Rewriting(recorded, sql).rewrite(statement(sql));
    }

    /** Learns what the server of the replay answered, row by row in the order of the recorded ones. */
    public void answered(Recorded recorded, ResultSet rows) throws SQLException {
        List<@Nullable String> ids = answers.get(recorded);
        List<List<@Nullable String>> results = recorded.results();
        if (ids == null || results == null) {
            return;
        }
        int columns = rows.getMetaData().getColumnCount();
        for (List<@Nullable String> row : results) {
            if (!rows.next()) {
                break;
            }
            for (int i = 0; i < Math.min(Math.min(ids.size(), row.size()), columns); i++) {
                complete(ids.get(i), row.get(i), rows.getString(i + 1));
            }
        }
    }

    /** What a statement should have generated and did not by now, it never will: nobody needs to wait for it. */
    public void ended(Recorded recorded) {
        List<@Nullable String> ids = answers.get(recorded);
        List<List<@Nullable String>> results = recorded.results();
        if (ids == null || results == null) {
            return;
        }
        for (List<@Nullable String> row : results) {
            for (int i = 0; i < Math.min(ids.size(), row.size()); i++) {
                complete(ids.get(i), row.get(i), null);
            }
        }
    }

    private void complete(@Nullable String ids, @Nullable String value, @Nullable String actual) {
        Slot slot = ids == null || value == null ? null : slot(ids, value);
        if (slot != null && slot.known.getCount() > 0) {
            slot.actual = actual;
            slot.known.countDown();
        }
    }

    /** The transaction of a statement has ended: others may use what it made, or need not wait for it. */
    public void committed(Recorded recorded) {
        ended(recorded);
        made.getOrDefault(recorded, List.of()).forEach(slot -> slot.committed.countDown());
    }

    private @Nullable Slot slot(String ids, String value) {
        return slots.getOrDefault(ids, Map.of()).get(normal(value));
    }

    private static @Nullable String value(Recorded recorded, Token token) {
        return switch (token.kind()) {
            case PARAMETER -> {
                int index = Integer.parseInt(token.text().substring(1)) - 1;
                yield index >= 0 && index < recorded.parameters().size()
                        ? recorded.parameters().get(index)
                        : null;
            }
            case STRING, NUMBER -> token.text();
            case WORD, NAME, SYMBOL -> null;
        };
    }

    /** One statement being rewritten. */
    private final class Rewriting {
        private final String sql;
        private final Recorded recorded;
        private final List<@Nullable String> parameters;
        private int mapped;
        private int unmapped;
        private int unproven;
        private boolean gaveUp;

        Rewriting(Recorded recorded, String sql) {
            this.recorded = recorded;
            this.sql = sql;
            this.parameters = new ArrayList<>(recorded.parameters());
        }

        Mapped rewrite(IdStatement statement) throws InterruptedException {
            Map<Integer, IdStatement.Place> byStart = new HashMap<>();
            statement.places().forEach(place -> byStart.put(place.value().start(), place));
            StringBuilder text = new StringBuilder();
            int from = 0;
            for (Integer start : byStart.keySet().stream().sorted().toList()) {
                IdStatement.Place place = byStart.get(start);
                if (place != null) {
                    text.append(sql, from, start).append(replaced(place));
                    from = place.value().end();
                }
            }
            text.append(sql, from, sql.length());
            for (Token other : statement.others()) {
                String value = value(recorded, other);
                unproven += value != null && values.contains(normal(value)) ? 1 : 0;
            }
            String copy = recorded.copy();
            if (copy != null && !statement.copied().isEmpty() && Copies.isPlain(sql)) {
                copy = copied(copy, statement.copied());
            }
            return new Mapped(text.toString(), parameters, copy, mapped, unmapped, unproven);
        }

        private String replaced(IdStatement.Place place) throws InterruptedException {
            Token token = place.value();
            String written = sql.substring(token.start(), token.end());
            String value = value(recorded, token);
            if (value == null) {
                return written;
            }
            String changed = place.array() ? elements(place.ids(), value) : actual(place.ids(), value);
            if (changed.equals(value)) {
                return written;
            }
            return switch (token.kind()) {
                case PARAMETER -> {
                    parameters.add(changed);
                    yield "$" + parameters.size();
                }
                case STRING -> "'" + changed.replace("'", "''") + "'";
                case NUMBER, WORD, NAME, SYMBOL -> changed;
            };
        }

        private String elements(String ids, String array) throws InterruptedException {
            if (!array.startsWith("{") || !array.endsWith("}") || array.length() == 2) {
                return array;
            }
            List<String> elements = new ArrayList<>();
            for (String each : array.substring(1, array.length() - 1).split(",", -1)) {
                String bare = each.replace("\"", "");
                String changed = actual(ids, bare);
                elements.add(changed.equals(bare) ? each : changed);
            }
            return "{" + String.join(",", elements) + "}";
        }

        private String actual(String ids, String value) throws InterruptedException {
            Slot slot = slot(ids, value);
            if (slot == null || slot.knownMicros > recorded.atMicros() + Math.max(0, recorded.durationMicros())) {
                return value;
            }
            boolean done = slot.readyFor(recorded).await(gaveUp ? 0 : WAIT_MAX.toNanos(), TimeUnit.NANOSECONDS);
            String actual = slot.actual;
            if (!done || actual == null) {
                gaveUp |= !done;
                unmapped++;
                return value;
            }
            mapped++;
            return actual;
        }

        private String copied(String copy, List<String> columns) throws InterruptedException {
            StringBuilder all = new StringBuilder();
            String between = "";
            for (String line : text(copy).split("\n", -1)) {
                all.append(between);
                between = "\n";
                String[] fields = line.split("\t", -1);
                for (int i = 0; i < fields.length; i++) {
                    all.append(i == 0 ? "" : "\t");
                    all.append(fields.length == columns.size() ? actual(columns.get(i), fields[i]) : fields[i]);
                }
            }
            return new String(all.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        }

        private static String text(String bytes) {
            return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }
}

package org.pgrehearse.scenarios.capture;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One statement under way on an observed connection, and what becomes known of it. For one thread at a time. */
final class WireStatement {
    /** The data of a longer COPY is left out, and the COPY with it. */
    static final int COPY_BYTES_MAX = 8 << 20;

    /** Of an answer with more rows no generated values are kept. */
    static final int RESULT_ROWS_MAX = 1_000;

    private static final Pattern GENERATES = Pattern.compile(
            "(?is)\\s*(?:insert\\b.*\\breturning\\b.*|select\\b.*\\b(?:nextval|currval|lastval)\\s*\\(.*)");
    private static final Set<Integer> IDS = Set.of(
            WireValues.INT2,
            WireValues.INT4,
            WireValues.INT8,
            WireValues.OID,
            WireValues.NUMERIC,
            WireValues.UUID_TYPE);

    private final WireBudget budget;
    private final long atMicros;
    private final Prepared prepared;
    private final List<Value> values;
    private final int[] resultFormats;
    private int[] columns = {};
    private @Nullable List<List<@Nullable String>> results;
    private boolean answered;
    private @Nullable ByteArrayOutputStream copy;
    private long reserved;
    private String leftOut = "";
    private String sqlState = "";

    WireStatement(WireBudget budget, long atMicros, Prepared prepared, List<Value> values, int[] resultFormats) {
        this.budget = budget;
        this.atMicros = atMicros;
        this.prepared = prepared;
        this.values = List.copyOf(values);
        this.resultFormats = resultFormats.clone();
    }

    /** A parameter as it was sent; null bytes are NULL. */
    static final class Value {
        private final boolean binary;
        private final byte @Nullable [] bytes;

        Value(boolean binary, byte @Nullable [] bytes) {
            this.binary = binary;
            this.bytes = bytes;
        }

        boolean isNull() {
            return bytes == null;
        }

        /** As text; empty when it is NULL, or cannot be read. */
        Optional<String> text(int type) {
            if (bytes == null) {
                return Optional.empty();
            }
            if (binary) {
                return WireValues.text(type, bytes);
            }
            try {
                return Optional.of(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes))
                        .toString());
            } catch (CharacterCodingException e) {
                return Optional.empty();
            }
        }
    }

    /** A statement's text and what is known about its parameters and columns. */
    static final class Prepared {
        private final String sql;
        private final int[] stated;
        private int[] described = {};
        private int[] columns = {};

        Prepared(String sql, int[] stated) {
            this.sql = sql;
            this.stated = stated.clone();
        }

        String sql() {
            return sql;
        }

        void parameters(int[] types) {
            described = types.clone();
        }

        void columns(int[] types) {
            columns = types.clone();
        }

        int type(int parameter) {
            int said = parameter < stated.length ? stated[parameter] : 0;
            return said != 0 ? said : parameter < described.length ? described[parameter] : 0;
        }
    }

    /** Whether the rows it answers with are of use. */
    boolean generates() {
        return leftOut.isEmpty() && GENERATES.matcher(prepared.sql()).matches();
    }

    /** The server said which columns the answer has. A second answer makes all of them useless. */
    void columns(int[] types) {
        prepared.columns(types);
        columns = types.clone();
        results = answered || !generates() ? null : new ArrayList<>();
        answered = true;
    }

    void row(ByteBuffer body) {
        if (!answered && generates()) {
            columns(prepared.columns);
        }
        List<List<@Nullable String>> rows = results;
        if (rows == null) {
            return;
        }
        int count = body.getShort();
        if (count != columns.length || rows.size() >= RESULT_ROWS_MAX) {
            results = null;
            return;
        }
        List<@Nullable String> row = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = body.getInt();
            byte[] bytes = new byte[Math.max(0, Math.min(length, body.remaining()))];
            body.get(bytes);
            row.add(
                    length < 0 || !IDS.contains(columns[i])
                            ? null
                            : text(columns[i], format(resultFormats, i) == 1, bytes));
        }
        rows.add(row);
    }

    /** Which format the n-th of several values has: each its own, all the same, or all text. */
    static int format(int[] formats, int index) {
        return formats.length == 1 ? formats[0] : index < formats.length ? formats[index] : 0;
    }

    /** Its rows are not all known. */
    void forgetResults() {
        answered = true;
        results = null;
    }

    private static @Nullable String text(int type, boolean binary, byte[] bytes) {
        return binary ? WireValues.text(type, bytes).orElse(null) : new String(bytes, StandardCharsets.UTF_8);
    }

    /** More data of a COPY that goes to the server. */
    void copied(ByteBuffer data) {
        ByteArrayOutputStream all = copy == null ? new ByteArrayOutputStream() : copy;
        copy = all;
        if (!leftOut.isEmpty()) {
            return;
        }
        if (all.size() + data.remaining() > COPY_BYTES_MAX) {
            leaveOut("copy-too-long");
        } else if (!budget.reserve(data.remaining())) {
            leaveOut("memory");
        } else {
            reserved += data.remaining();
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            all.writeBytes(bytes);
        }
    }

    /** Says that it cannot be kept. */
    void leaveOut(String reason) {
        leftOut = leftOut.isEmpty() ? reason : leftOut;
        budget.release(reserved);
        reserved = 0;
        copy = copy == null ? null : new ByteArrayOutputStream();
    }

    /** The first failure is what it failed with. */
    void failed(String state) {
        sqlState = sqlState.isEmpty() ? state : sqlState;
    }

    /** What it was, now that it has ended; its memory is given back. */
    Found found(String session, long endMicros, boolean ascii) {
        budget.release(reserved);
        reserved = 0;
        List<@Nullable String> parameters = new ArrayList<>();
        boolean pure = isAscii(prepared.sql());
        for (int i = 0; i < values.size() && leftOut.isEmpty(); i++) {
            Optional<String> text = values.get(i).text(prepared.type(i));
            pure &= text.isEmpty() || isAscii(text.orElseThrow());
            if (!values.get(i).isNull() && text.isEmpty()) {
                leftOut = "binary";
            }
            parameters.add(text.orElse(null));
        }
        if (leftOut.isEmpty() && (prepared.sql().indexOf('\uFFFD') >= 0 || (ascii && !pure))) {
            leftOut = "encoding";
        }
        ByteArrayOutputStream data = copy;
        return new Found(
                new Recorded(
                        session,
                        atMicros,
                        prepared.sql(),
                        parameters,
                        Math.max(0, endMicros - atMicros),
                        sqlState,
                        results,
                        data == null ? null : data.toString(StandardCharsets.ISO_8859_1)),
                leftOut);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(each -> each < 128);
    }

    /**
     * What became of a statement.
     *
     * @param leftOut why it cannot be kept; empty when it can
     */
    record Found(Recorded recorded, String leftOut) {}
}

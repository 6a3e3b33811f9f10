package org.pgrehearse.scenarios.capture;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Values in PostgreSQL's binary format as the same values in its text format, exactly. Pure. */
final class WireValues {
    static final int INT8 = 20;
    static final int INT2 = 21;
    static final int INT4 = 23;
    static final int OID = 26;
    static final int NUMERIC = 1700;
    static final int UUID_TYPE = 2950;

    private static final LocalDate EPOCH = LocalDate.of(2000, 1, 1);
    private static final long DAY_MICROS = TimeUnit.DAYS.toMicros(1);
    private static final int DIGITS_PER_GROUP = 4;
    private static final int NUMERIC_GROUPS_MAX = 35_000;
    private static final int NEGATIVE = 0x4000;
    private static final int ARRAY_ELEMENTS_MAX = 1 << 20;

    /** Types of arrays, and of their elements. */
    private static final Map<Integer, Integer> ARRAYS = Map.ofEntries(
            Map.entry(1000, 16),
            Map.entry(1001, 17),
            Map.entry(1005, INT2),
            Map.entry(1007, INT4),
            Map.entry(1009, 25),
            Map.entry(1015, 1043),
            Map.entry(1016, INT8),
            Map.entry(1021, 700),
            Map.entry(1022, 701),
            Map.entry(1028, OID),
            Map.entry(1115, 1114),
            Map.entry(1182, 1082),
            Map.entry(1185, 1184),
            Map.entry(1231, NUMERIC),
            Map.entry(2951, UUID_TYPE));

    private WireValues() {}

    /** The value as text; empty when the type is not known here, or the bytes are no value of it. */
    static Optional<String> text(int type, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            Optional<String> text = ARRAYS.containsKey(type) ? array(type, buffer) : scalar(type, buffer);
            return buffer.hasRemaining() ? Optional.empty() : text;
        } catch (BufferUnderflowException | ArithmeticException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> scalar(int type, ByteBuffer value) throws CharacterCodingException {
        return switch (type) {
            case 16 -> bool(value.get());
            case INT2 -> Optional.of(Short.toString(value.getShort()));
            case INT4 -> Optional.of(Integer.toString(value.getInt()));
            case INT8 -> Optional.of(Long.toString(value.getLong()));
            case OID -> Optional.of(Integer.toUnsignedString(value.getInt()));
            case 700 -> Optional.of(Float.toString(value.getFloat()));
            case 701 -> Optional.of(Double.toString(value.getDouble()));
            case NUMERIC -> numeric(value);
            case UUID_TYPE -> Optional.of(new UUID(value.getLong(), value.getLong()).toString());
            case 1082 -> date(value.getInt());
            case 1083 -> time(value.getLong());
            case 1114 -> timestamp(value.getLong(), "");
            case 1184 -> timestamp(value.getLong(), "+00");
            case 1186 -> Optional.of(interval(value.getLong(), value.getInt(), value.getInt()));
            case 17 -> Optional.of("\\x" + HexFormat.of().formatHex(rest(value)));
            case 3802 -> value.get() == 1 ? Optional.of(utf8(value)) : Optional.empty();
            case 19, 25, 114, 142, 705, 1042, 1043 -> Optional.of(utf8(value));
            default -> Optional.empty();
        };
    }

    private static Optional<String> bool(byte value) {
        return value == 0 || value == 1 ? Optional.of(value == 1 ? "t" : "f") : Optional.empty();
    }

    private static byte[] rest(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }

    private static String utf8(ByteBuffer value) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(value).toString();
    }

    private static Optional<String> numeric(ByteBuffer value) {
        int groups = Short.toUnsignedInt(value.getShort());
        int weight = value.getShort();
        int sign = Short.toUnsignedInt(value.getShort());
        int scale = Short.toUnsignedInt(value.getShort());
        if (sign > NEGATIVE) {
            return switch (sign) {
                case 0xC000 -> Optional.of("NaN");
                case 0xD000 -> Optional.of("Infinity");
                case 0xF000 -> Optional.of("-Infinity");
                default -> Optional.empty();
            };
        }
        if (groups > NUMERIC_GROUPS_MAX || value.remaining() != groups * Short.BYTES) {
            return Optional.empty();
        }
        StringBuilder digits = new StringBuilder("0");
        for (int i = 0; i < groups; i++) {
            digits.append(String.format(Locale.ROOT, "%04d", Short.toUnsignedInt(value.getShort())));
        }
        BigDecimal number = new BigDecimal(new BigInteger(digits.toString()), 0)
                .scaleByPowerOfTen(DIGITS_PER_GROUP * (weight + 1 - groups))
                .setScale(scale);
        return Optional.of((sign == NEGATIVE ? number.negate() : number).toPlainString());
    }

    private static Optional<String> date(int days) {
        if (days == Integer.MAX_VALUE || days == Integer.MIN_VALUE) {
            return Optional.of(days > 0 ? "infinity" : "-infinity");
        }
        return Optional.of(day(days, ""));
    }

    /** A day with what follows it; years before the first are told as PostgreSQL does. */
    private static String day(long days, String behind) {
        LocalDate date = EPOCH.plus(days, ChronoUnit.DAYS);
        int year = date.getYear();
        String text = String.format(
                Locale.ROOT, "%04d-%02d-%02d", year > 0 ? year : 1 - year, date.getMonthValue(), date.getDayOfMonth());
        return text + behind + (year > 0 ? "" : " BC");
    }

    private static Optional<String> time(long micros) {
        if (micros < 0 || micros > DAY_MICROS) {
            return Optional.empty();
        }
        return Optional.of(micros == DAY_MICROS ? "24:00:00" : clock(micros));
    }

    private static String clock(long micros) {
        LocalTime time = LocalTime.ofNanoOfDay(TimeUnit.MICROSECONDS.toNanos(micros));
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%02d.%06d",
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                TimeUnit.NANOSECONDS.toMicros(time.getNano()));
    }

    private static Optional<String> timestamp(long micros, String zone) {
        if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
            return Optional.of(micros > 0 ? "infinity" : "-infinity");
        }
        return Optional.of(
                day(Math.floorDiv(micros, DAY_MICROS), " " + clock(Math.floorMod(micros, DAY_MICROS)) + zone));
    }

    private static String interval(long micros, int days, int months) {
        // Each part with its sign: what a lone minus means depends on a setting.
        return String.format(Locale.ROOT, "%+d mons %+d days %+d microseconds", months, days, micros);
    }

    private static Optional<String> array(int type, ByteBuffer value) throws CharacterCodingException {
        int dimensions = value.getInt();
        value.getInt();
        int element = value.getInt();
        Integer expected = ARRAYS.get(type);
        if (dimensions == 0) {
            return Optional.of("{}");
        }
        int count = value.getInt();
        int first = value.getInt();
        if (dimensions != 1 || first != 1 || expected == null || element != expected || count > ARRAY_ELEMENTS_MAX) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : ",");
            int length = value.getInt();
            if (length < 0) {
                text.append("NULL");
                continue;
            }
            if (length > value.remaining()) {
                return Optional.empty();
            }
            ByteBuffer one = value.slice(value.position(), length);
            value.position(value.position() + length);
            Optional<String> each = scalar(element, one);
            if (each.isEmpty() || one.hasRemaining()) {
                return Optional.empty();
            }
            text.append('"')
                    .append(each.orElseThrow().replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return Optional.of(text.append('}').toString());
    }
}

package org.pgrehearse.verifier.compare;

import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Seeded random values of every type, as SQL literals. Two literals that differ are two values that differ. */
final class RandomValues {
    /** What both databases need before the table of all types. */
    static final String SETUP = """
            CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION ltree;
            CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'a "quoted", one');
            CREATE TYPE moods AS RANGE (subtype = mood);
            CREATE TYPE floats AS RANGE (subtype = float8);
            CREATE DOMAIN positive AS numeric CHECK (value > 0);
            CREATE DOMAIN small AS positive CHECK (value < 1000);
            CREATE DOMAIN moodlist AS mood[];
            CREATE TYPE inner_pair AS (m mood, f float8);
            CREATE TYPE pair AS (n numeric, t text, i inner_pair);
            CREATE TABLE here (a int); CREATE TABLE there (a int);
            """;

    private static final int FIRST_WITH_XID8 = 13;
    private static final int FIRST_WITH_MULTIRANGES = 14;
    private static final int NULL_PERCENT = 10;
    private static final List<String> ALPHABET =
            List.of("a", "B", " ", "''", "\"", ",", "{", "}", "\\", "é", "€", "😀", "|", "\n", "0", "NULL", "(", ")");

    private final RandomGenerator random;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    /** A type, the oldest major that has it, and how to make a literal of it. */
    record ValueType(String declared, int firstMajor, Function<RandomValues, String> literal) {
        private static ValueType of(String declared, Function<RandomValues, String> literal) {
            return new ValueType(declared, 0, literal);
        }
    }

    /** Every type that servers from this major on have. */
    static List<ValueType> types(int major) {
        return ALL.stream().filter(type -> type.firstMajor() <= major).toList();
    }

    private static final List<ValueType> ALL = List.of(
            ValueType.of("bool", v -> v.one("true", "false")),
            ValueType.of("int2", v -> v.whole(30_000)),
            ValueType.of("int4", v -> v.whole(Integer.MAX_VALUE)),
            ValueType.of("int8", v -> Long.toString(v.random.nextLong())),
            ValueType.of("numeric", RandomValues::scaled),
            ValueType.of("numeric(14,3)", v -> v.below(100) + ".%03d".formatted(v.below(1000))),
            ValueType.of("float4", v -> "'" + v.one("-0", "NaN", Float.toString(v.random.nextFloat())) + "'"),
            ValueType.of("float8", v -> "'" + v.one("-0", "infinity", Double.toString(v.random.nextDouble())) + "'"),
            ValueType.of("money", v -> v.below(100_000) + ".%02d".formatted(v.below(100))),
            ValueType.of("oid", v -> v.whole(Integer.MAX_VALUE)),
            ValueType.of("text", RandomValues::text),
            ValueType.of("varchar(60)", RandomValues::text),
            ValueType.of("char(12)", v -> "'" + v.below(1_000_000) + "'"),
            ValueType.of("name", v -> "'n" + v.below(1_000_000) + "'"),
            ValueType.of("\"char\"", v -> "'" + (char) ('a' + v.below(26)) + "'"),
            ValueType.of("citext", v -> v.one("'", "'A", "'b") + v.below(1000) + v.one("x'", "X'")),
            ValueType.of("bytea", v -> "'\\x" + v.hex() + "'"),
            ValueType.of("date", v -> "date '2000-01-01' + " + v.below(9000)),
            ValueType.of("time", v -> "time '00:00' + interval '1 microsecond' * " + v.below(1_000_000_000)),
            ValueType.of("timetz", v -> "'10:00:" + v.two() + v.one("+01", "-05:30", "+00") + "'"),
            ValueType.of("timestamp", v -> "timestamp '2000-01-01' + interval '1 microsecond' * " + v.random.nextInt()),
            ValueType.of("timestamptz", v -> "timestamptz 'epoch' + interval '1 microsecond' * " + v.random.nextInt()),
            ValueType.of("interval", v -> "'%d mon %d day %d s'".formatted(v.below(3), v.below(40), v.below(90))),
            ValueType.of("json", v -> "'{\"k\":" + v.one("", " ", "  ") + v.scaled() + "}'"),
            ValueType.of("jsonb", v -> "'{\"k\": [" + v.scaled() + ", null]}'"),
            ValueType.of("jsonpath", v -> "'$.a[" + v.below(1000) + "]'"),
            ValueType.of("xml", v -> "'<a>" + v.one("<b/>", "<b></b>", "") + v.below(1000) + "</a>'"),
            ValueType.of("uuid", v -> "'" + new UUID(v.random.nextLong(), v.random.nextLong()) + "'"),
            ValueType.of("inet", v -> "'10.0.%d.%d/%d'".formatted(v.below(250), v.below(250), 8 + v.below(24))),
            ValueType.of("cidr", v -> "'10.0.%d.0/%s'".formatted(v.below(250), v.one("24", "25"))),
            ValueType.of("macaddr", v -> "'08:00:2b:01:" + v.two() + ":" + v.two() + "'"),
            ValueType.of("macaddr8", v -> "'08:00:2b:01:02:03:" + v.two() + ":" + v.two() + "'"),
            ValueType.of("point", v -> "'" + v.point() + "'"),
            ValueType.of("line", v -> "'{1,%d,%d}'".formatted(v.below(1000), v.below(1000))),
            ValueType.of("lseg", v -> "'[" + v.point() + "," + v.point() + "]'"),
            ValueType.of("box", v -> "'(%d,%d),(0,0)'".formatted(1 + v.below(900), 1 + v.below(900))),
            ValueType.of("path", v -> v.one("'[", "'[(0,0),") + v.point() + "," + v.point() + "]'"),
            ValueType.of("polygon", v -> "'((0,0)," + v.point() + "," + v.point() + ")'"),
            ValueType.of("circle", v -> "'<" + v.point() + "," + v.below(1000) + ">'"),
            ValueType.of("bit(9)", v -> v.below(512) + "::bit(9)"),
            ValueType.of("varbit", v -> "B'1" + Integer.toBinaryString(v.below(64)) + "'"),
            ValueType.of(
                    "tsvector", v -> "'a:%d b:%d%s'".formatted(1 + v.below(90), 100 + v.below(90), v.one("A", ""))),
            ValueType.of("tsquery", v -> "'a%d & !b%d'".formatted(v.below(100), v.below(100))),
            ValueType.of("pg_lsn", v -> "'16/%X'".formatted(v.below(1_000_000))),
            ValueType.of("tid", v -> "'(%d,%d)'".formatted(v.below(1000), 1 + v.below(200))),
            ValueType.of("xid", v -> "'" + v.below(1_000_000) + "'"),
            ValueType.of("cid", v -> "'" + v.below(1_000_000) + "'"),
            new ValueType("xid8", FIRST_WITH_XID8, v -> "'" + (5_000_000_000L + v.below(1_000_000)) + "'"),
            ValueType.of("txid_snapshot", v -> "'10:%1$d:10,%2$d'".formatted(100 + v.below(900), 11 + v.below(80))),
            ValueType.of("regclass", v -> v.one("'here'", "'there'", "'pg_class'")),
            ValueType.of("regtype", v -> v.one("'mood'", "'int4'", "'pair'")),
            ValueType.of("refcursor", v -> "'c" + v.below(1_000_000) + "'"),
            ValueType.of("int2vector", v -> "'1 %d 3'".formatted(v.below(1000))),
            ValueType.of("oidvector", v -> "'1 %d 3'".formatted(v.below(1000))),
            ValueType.of("hstore", v -> "'a=>%d, b=>%s'".formatted(v.below(1000), v.one("NULL", "\"NULL\"", "1"))),
            ValueType.of("ltree", v -> "'a.b%d.c'".formatted(v.below(1000))),
            ValueType.of("mood", RandomValues::mood),
            ValueType.of("mood[]", v -> "ARRAY[" + v.mood() + ", NULL, " + v.mood() + "]::mood[]"),
            ValueType.of("moodlist", v -> "ARRAY[" + v.mood() + ", " + v.mood() + "]::mood[]"),
            ValueType.of("moods", v -> "moods('sad', " + v.one("'ok'", "'happy'", "NULL") + ")"),
            ValueType.of("positive", v -> "1" + v.scaled()),
            ValueType.of("small", v -> "1" + v.scaled()),
            ValueType.of("small[]", v -> "ARRAY[1" + v.scaled() + ", 1" + v.scaled() + "]::small[]"),
            ValueType.of("pair", RandomValues::pair),
            ValueType.of("pair[]", v -> "ARRAY[" + v.pair() + ", NULL, " + v.pair() + "]::pair[]"),
            ValueType.of("int4[]", v -> v.dimensions(v.whole(9), v.whole(9))),
            ValueType.of("text[]", v -> "ARRAY[" + v.text() + ", NULL, " + v.text() + "]"),
            ValueType.of("varchar[]", v -> "ARRAY[" + v.text() + ", " + v.text() + "]::varchar[]"),
            ValueType.of("char(3)[]", v -> "'{" + v.below(1000) + "}'"),
            ValueType.of("numeric[]", v -> v.dimensions(v.scaled(), "1.0")),
            ValueType.of("float8[]", v -> v.dimensions(v.one("-0", "0", "NaN"), v.whole(1000))),
            ValueType.of("timestamptz[]", v -> "ARRAY['epoch'::timestamptz + interval '1 us' * " + v.below(9999) + "]"),
            ValueType.of("interval[]", v -> "'{" + v.one("1 day", "24:00:00", "2 days", "1 mon", "30 days") + "}'"),
            ValueType.of("bytea[]", v -> "ARRAY['\\x" + v.hex() + "'::bytea, NULL]"),
            ValueType.of("jsonb[]", v -> "ARRAY['{\"k\": " + v.scaled() + "}'::jsonb]"),
            ValueType.of("json[]", v -> "ARRAY['{\"k\":" + v.one("", " ") + v.scaled() + "}'::json]"),
            ValueType.of("bool[]", v -> "'{" + v.one("t", "f", "NULL") + "," + v.one("t", "f", "NULL") + "}'"),
            ValueType.of("uuid[]", v -> "ARRAY['" + new UUID(0, v.random.nextLong()) + "'::uuid]"),
            ValueType.of("inet[]", v -> "'{10.0.0." + v.below(250) + "," + v.one("10.0.0.1/8", "10.0.0.1/9") + "}'"),
            ValueType.of("point[]", v -> "ARRAY['" + v.point() + "'::point]"),
            ValueType.of("money[]", v -> "'{" + v.below(1000) + ".50}'"),
            ValueType.of("int4range", v -> "'[%d,%d)'".formatted(v.below(1000), 1001 + v.below(1000))),
            ValueType.of("int8range", v -> "'[%d,)'".formatted(v.below(1000))),
            ValueType.of("numrange", v -> "'[1.0" + "0".repeat(v.below(3)) + "," + (2 + v.below(5)) + ")'"),
            ValueType.of(
                    "tsrange",
                    v -> "tsrange('2000-01-01', timestamp '2001-01-01' + interval '1 us' * " + v.below(1_000_000)
                            + ", '" + v.one("[]", "()", "[)") + "')"),
            ValueType.of(
                    "tstzrange", v -> "tstzrange(timestamptz 'epoch' + interval '1 s' * " + v.below(9999) + ", NULL)"),
            ValueType.of("daterange", v -> "daterange('2000-01-01', date '2000-01-02' + " + v.below(9999) + ")"),
            ValueType.of("floats", v -> "floats(" + v.one("'-0'", "'0'", "-1") + ", " + (1 + v.below(1000)) + ")"),
            ValueType.of("int4range[]", v -> "ARRAY[int4range(1, " + (2 + v.below(1000)) + ")]"),
            multirange("int4multirange", v -> "'{[1,2),[5,%d)}'".formatted(6 + v.below(1000))),
            multirange("nummultirange", v -> "'{[1.0" + "0".repeat(v.below(3)) + ",2),[5," + (6 + v.below(9)) + ")}'"),
            multirange(
                    "datemultirange",
                    v -> "datemultirange(daterange('2000-01-01', date '2000-01-02' + " + v.below(9999) + "))"),
            multirange(
                    "tstzmultirange",
                    v -> "tstzmultirange(tstzrange(NULL, timestamptz 'epoch' + interval '1 s' * " + v.below(9999)
                            + "))"));

    private static ValueType multirange(String declared, Function<RandomValues, String> literal) {
        return new ValueType(declared, FIRST_WITH_MULTIRANGES, literal);
    }

    String literal(ValueType type) {
        return below(100) < NULL_PERCENT ? "NULL" : type.literal().apply(this);
    }

    private int below(int bound) {
        return random.nextInt(bound);
    }

    private String whole(int bound) {
        return Integer.toString(random.nextInt(-bound, bound));
    }

    private String one(String... choices) {
        return choices[below(choices.length)];
    }

    private String two() {
        return "%02d".formatted(below(60));
    }

    private String scaled() {
        return below(100) + "." + "0".repeat(below(5)) + (1 + below(9)) + "0".repeat(below(3));
    }

    private String mood() {
        return one("'sad'", "'ok'", "'happy'", "'a \"quoted\", one'");
    }

    private String pair() {
        return "ROW(" + scaled() + ", " + text() + ", ROW(" + mood() + ", '" + one("-0", "0", "1.5") + "'))::pair";
    }

    private String point() {
        return "(" + below(1000) + "," + one("-0", "0", "0.1", "7") + ")";
    }

    private String dimensions(String one, String two) {
        return one(
                "'{" + one + "," + two + "}'",
                "'{{" + one + "},{" + two + "}}'",
                "'{{" + one + "," + two + "}}'",
                "'[0:1]={" + one + "," + two + "}'",
                "'{NULL," + one + "," + two + "}'");
    }

    private String text() {
        return IntStream.range(0, below(8))
                .mapToObj(i -> ALPHABET.get(below(ALPHABET.size())))
                .collect(Collectors.joining("", "'", "'"));
    }

    private String hex() {
        return "00".repeat(below(3)) + "%02x".formatted(below(256));
    }
}

package org.pgrehearse.verifier.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgrehearse.verifier.compare.Verifications.table;
import static org.pgrehearse.verifier.compare.Verifications.verify;

import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgrehearse.verifier.TableComparison;
import org.pgrehearse.verifier.Verdict;
import org.pgrehearse.verifier.Verification;
import org.pgrehearse.verifier.digest.DigestKind;
import org.pgrehearse.verifier.testkit.Database;
import org.pgrehearse.verifier.testkit.Servers;

/** The same values on servers of different majors are the same, and a small difference is still seen. */
@ExtendWith(Servers.class)
final class VersionsIT {
    private static final String TABLES = """
            CREATE EXTENSION citext;
            CREATE EXTENSION hstore;
            CREATE EXTENSION ltree;
            CREATE TYPE mood AS ENUM ('sad', 'ok');
            CREATE DOMAIN positive AS numeric CHECK (value > 0);
            CREATE DOMAIN moods AS mood[];
            CREATE TYPE pair AS (n numeric, t text);
            CREATE TYPE floats AS RANGE (subtype = float8);
            CREATE TABLE numbers (id serial PRIMARY KEY, a int2, b int4, c int8, d numeric, e numeric(12,3), f float4,
              g float8, h money, i oid, j numeric[], k float8[], l int[], m positive, n bool);
            INSERT INTO numbers (a, b, c, d, e, f, g, h, i, j, k, l, m, n)
              SELECT x, -x, x * 5000000000, x / 7.0, x / 3.0, x / 3.0, x / 7.0, x / 9.0, x, ARRAY[x / 7.0, NULL, 1.50],
                ARRAY[x / 7.0, 'NaN', '-0'], ARRAY[[x, 2], [3, 4]], x + 0.10, x % 2 = 0
              FROM generate_series(1, 300) x;
            INSERT INTO numbers (d, g, f) VALUES ('NaN', 'infinity', '-infinity'), (1e300, 1e-300, '-0'), (NULL, NULL, NULL);
            CREATE TABLE moments (id int PRIMARY KEY, a date, b time, c timetz, d timestamp, e timestamptz, f interval,
              g tstzrange, h daterange, i timestamptz[]);
            INSERT INTO moments SELECT x, date '2000-02-29' + x, time '10:00' + x * interval '1.000001 s', '10:00+01',
                timestamp '2026-01-01' + x * interval '1.000001 h', timestamptz '1900-01-01Z' + x * interval '1 day',
                x * interval '1 month 2 days 3.5 s', tstzrange('2026-01-01Z', NULL), daterange('2026-01-01', '2026-02-01'),
                ARRAY[timestamptz '2026-01-01Z', NULL]
              FROM generate_series(1, 300) x;
            INSERT INTO moments (id, a, d, e) VALUES (0, 'infinity', '-infinity', '4713-01-01Z BC');
            CREATE TABLE texts (id uuid PRIMARY KEY, a text, b varchar(50), c char(9), d name, e citext, f bytea, g xml,
              h json, i jsonb, j hstore, k tsvector, l tsquery, m text[], n "char", o ltree, p jsonpath);
            INSERT INTO texts SELECT md5(x::text)::uuid, repeat('äöü€', x), 'v' || x, 'c' || x, 'n' || x, 'CiText' || x,
                decode(md5(x::text), 'hex'), ('<a>' || x || '</a>')::xml, ('{"b": ' || x || ', "a":1.0}')::json,
                ('{"b": ' || x || ', "a": [1.0, null]}')::jsonb, hstore('k' || x, NULL) || hstore('a', 'b'),
                to_tsvector('simple', 'x y z ' || x), to_tsquery('simple', 'x & !y' || x), ARRAY['a', NULL, 'b,c"d'], 'x',
                'a.b.c', '$.a[*] ? (@ > 1)'
              FROM generate_series(1, 300) x;
            CREATE TABLE shapes (id inet PRIMARY KEY, a cidr, b macaddr, c macaddr8, d point, e lseg, f path, g box,
              h polygon, i line, j circle, k bit(5), l varbit, m pg_lsn, n mood, o moods, p pair, q floats, r int4range,
              s numrange, t pair[], u tid, v regclass, w txid_snapshot, x point[]);
            INSERT INTO shapes SELECT ('10.0.' || x / 256 || '.' || x % 256)::inet, '10.0.0.0/8', '08:00:2b:01:02:03',
                '08:00:2b:01:02:03:04:05', point(x / 7.0, -x), '[(0,0),(1,1)]', '[(0,0),(1,1),(2,0)]', '(1,1),(0,0)',
                '((0,0),(1,1),(1,0))', '{1,2,3}', '<(1,2),3>', x::bit(5), (x::bit(12))::varbit, '16/B374D848', 'sad',
                '{ok,sad}', ROW(x / 7.0, 'a,"b'::text)::pair, floats(x / 7.0, NULL), int4range(x, x + 5), numrange(1.0, x + 1.00),
                ARRAY[ROW(1.0, 'x'::text)::pair], '(1,2)', 'pg_class', '10:20:10,14,15', ARRAY[point(1, 2)]
              FROM generate_series(1, 300) x;
            CREATE TABLE bag (a int, b text); INSERT INTO bag SELECT x % 7, 'v' || x % 3 FROM generate_series(1, 3000) x;
            CREATE TABLE "empty" (id int PRIMARY KEY);
            CREATE TABLE nothing (); INSERT INTO nothing DEFAULT VALUES;
            """;

    @ParameterizedTest(name = "{0} to {1}, {2}")
    @CsvSource({
        "12, 12, EXACT",
        "12, 18, EXACT",
        "12, 17, EQUAL",
        "12, 14, TEXT",
        "14, 18, EXACT",
        "15, 17, EQUAL",
        "17, 18, TEXT",
        "18, 15, EXACT"
    })
    void the_same_values_on_two_majors(int older, int newer, DigestKind kind, Servers.Running servers) {
        Database source = servers.database(older);
        Database target = servers.database(newer);
        source.run("CREATE TYPE shift AS ENUM ('x');" + TABLES);
        target.run(TABLES);
        VerifyOptions options = VerifyOptions.of(source, target).withDigest(kind);
        Verification same = verify(options);
        assertThat(same.tables())
                .hasSize(7)
                .allSatisfy(table ->
                        assertThat(table.verdict()).as(table.toString()).isEqualTo(Verdict.CONSISTENT));
        assertThat(same.tables()).extracting(TableComparison::digest).containsOnly(kind.toString());
        target.run(
                "UPDATE numbers SET c = c + 1 WHERE id = 5; UPDATE texts SET f = f || '\\x00'::bytea, m = '{x}' WHERE"
                        + " b = 'v7'; UPDATE shapes SET o = '{sad,ok}', j = '<(1,2),4>' WHERE id = '10.0.0.9';"
                        + "UPDATE moments SET d = d + interval '1 microsecond' WHERE id = 3; DELETE FROM bag WHERE ctid = '(0,1)'");
        Verification other = verify(options);
        assertThat(table(other, "public.numbers").changed()).isEqualTo(1);
        assertThat(table(other, "public.texts").changed()).isEqualTo(1);
        assertThat(table(other, "public.shapes").changed()).isEqualTo(1);
        assertThat(table(other, "public.moments").changed()).isEqualTo(1);
        assertThat(table(other, "public.bag").missing()).isEqualTo(1);
    }
}

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

-- Some rows come twice: a table without a key may hold the same row again, and whoever compares it must count.
INSERT INTO shop.page_views (visitor, path, seconds, address, viewed_at)
SELECT
    md5('visitor ${seed} ' || floor(pg_temp.cube(pg_temp.fraction(n, 40)) * pg_temp.orders())::bigint)::uuid,
    CASE pg_temp.draw(n, 41) % 6
        WHEN 0 THEN '/'
        WHEN 1 THEN '/search?q=caf%C3%A9&page=' || pg_temp.draw(n, 42) % 9
        WHEN 2 THEN '/größen/übersicht'
        ELSE '/products/' || pg_temp.draw(n, 42) % pg_temp.products()
    END,
    CASE
        WHEN n % 10 = 3 THEN NULL
        WHEN n % 5000 = 17 THEN 'NaN'
        WHEN n % 5000 = 18 THEN '-0'
        WHEN n % 5000 = 19 THEN 'Infinity'
        ELSE pg_temp.cube(pg_temp.fraction(n, 43)) * 600
    END,
    CASE pg_temp.draw(n, 44) % 5
        WHEN 0 THEN NULL
        WHEN 1 THEN inet '2001:db8::' + pg_temp.draw(n, 45) % 1000000
        WHEN 2 THEN set_masklen(inet '192.0.2.0' + pg_temp.draw(n, 45) % 256, 24)
        ELSE inet '10.0.0.0' + pg_temp.draw(n, 45) % 16777216
    END,
    timestamptz '2026-01-01 00:00:00Z' + (pg_temp.draw(n, 46) % 15552000000000) * interval '1 microsecond'
FROM (SELECT number - (number % 997 = 0)::integer AS n FROM generate_series(1, pg_temp.orders()) number) numbers;

ANALYZE shop.page_views;

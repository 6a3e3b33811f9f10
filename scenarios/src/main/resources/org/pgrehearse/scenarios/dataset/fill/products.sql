INSERT INTO shop.products (sku, name, price, stock, thumbnail, dimensions)
SELECT
    pg_temp.sku(n),
    (ARRAY['Kaffeemühle', 'théière', 'ランプ', 'стул', 'كتاب', 'kettle', '椅子', 'ψωμί', '🧦 socks', 'sofá'])
        [1 + pg_temp.draw(n, 40) % 10] || ' ' || n,
    pg_temp.price(n),
    floor(pg_temp.cube(pg_temp.fraction(n, 41)) * 5000)::integer,
    CASE
        WHEN n % 7 = 0 THEN NULL
        WHEN n % 11 = 0 THEN ''::bytea
        -- Large enough for TOAST, and as incompressible as pictures are.
        WHEN n % 50 = 1 THEN (
            SELECT decode(string_agg(md5('thumbnail ${seed} ' || n || ' ' || part), '' ORDER BY part), 'hex')
            FROM generate_series(1, 512) part)
        ELSE decode(md5('thumbnail ${seed} ' || n), 'hex')
    END,
    CASE pg_temp.draw(n, 42) % 4
        WHEN 0 THEN NULL
        WHEN 1 THEN ARRAY[pg_temp.fraction(n, 43) * 100, NULL, 0.1]
        ELSE ARRAY[pg_temp.fraction(n, 43) * 100, pg_temp.fraction(n, 44) * 100, pg_temp.fraction(n, 45)]
    END
FROM generate_series(1, pg_temp.products()) n;

ANALYZE shop.products;

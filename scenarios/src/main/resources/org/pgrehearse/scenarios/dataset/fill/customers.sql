INSERT INTO shop.customers (id, email, name, tags, profile, balance, joined_at) OVERRIDING SYSTEM VALUE
SELECT
    n,
    CASE pg_temp.draw(n, 40) % 20 WHEN 0 THEN 'Kunde' WHEN 1 THEN 'o''neil+shop' ELSE 'customer' END || n
        || (ARRAY['@example.com', '@example.org', '@mail.example', '@bücher.example'])[1 + pg_temp.draw(n, 41) % 4],
    (ARRAY['Anna', 'José', U&'Jose\0301', 'Zoë', U&'Zoe\0308', 'Дмитрий', '王芳', 'さくら', '민준', 'محمد', 'שרה',
        'Ἀλέξανδρος', 'आरव', 'สมชาย', 'Nguyễn', 'Małgorzata', '👩‍🚀 Sam', 'Björk', 'O''Brien', 'İpek'])
        [1 + pg_temp.draw(n, 42) % 20]
        || ' ' || (ARRAY['Smith', 'Müller', 'Straße', 'Иванова', '李', '山田', '김', 'García-López', 'Ó Súilleabháin',
        'van der Berg', 'Łukasz', 'Åkerström', 'Papadópoulos', 'ﬁ-ligature', U&'tab\0009inside', '  two blanks'])
        [1 + pg_temp.draw(n, 43) % 16],
    CASE pg_temp.draw(n, 44) % 8
        WHEN 0 THEN ARRAY['vip']
        WHEN 1 THEN ARRAY['newsletter', 'Größe XL']
        WHEN 2 THEN ARRAY['a "quote"', 'a, comma', 'back\slash', NULL, '', 'NULL']
        ELSE '{}'
    END,
    CASE pg_temp.draw(n, 45) % 5
        WHEN 0 THEN '{}'
        WHEN 1 THEN jsonb_build_object('language', (ARRAY['de', 'fr', 'ja', 'ar'])[1 + pg_temp.draw(n, 46) % 4],
            'visits', pg_temp.draw(n, 47) % 1000, 'score', ((pg_temp.draw(n, 48) % 10000)::numeric / 1000)::numeric(6, 3))
        ELSE jsonb_build_object('address', jsonb_build_object('city', (ARRAY['Köln', '東京', 'Reykjavík', 'São Paulo'])
            [1 + pg_temp.draw(n, 46) % 4], 'zip', lpad((pg_temp.draw(n, 47) % 100000)::text, 5, '0')),
            'flags', jsonb_build_array(true, false, NULL, n), 'note', CASE WHEN n % 3 = 0 THEN 'line' || chr(10) || '2' END)
    END,
    CASE WHEN n % 4 = 0 THEN 0
        ELSE ((pg_temp.draw(n, 49) % 2000000)::numeric / 100 - 500)::numeric(12, 2) END,
    timestamptz '2022-01-01 00:00:00Z' + (pg_temp.draw(n, 50) % 126000000000000) * interval '1 microsecond'
FROM generate_series(1, pg_temp.customers()) n;

-- Some sign-ups were rolled back since the last customer.
SELECT setval(pg_get_serial_sequence('shop.customers', 'id'), pg_temp.customers() + 2);

ANALYZE shop.customers;

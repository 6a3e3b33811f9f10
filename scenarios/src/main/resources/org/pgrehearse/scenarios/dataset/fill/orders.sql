INSERT INTO shop.orders (id, invoice, customer_id, status, total, note, placed_at)
SELECT
    pg_temp.id(n),
    99999 + pg_temp.id(n),
    floor(pg_temp.cube(pg_temp.fraction(n, 40)) * pg_temp.customers())::bigint + 1,
    -- The newest orders are still under way.
    CASE
        WHEN n > pg_temp.orders() - pg_temp.orders() / 100 THEN (ARRAY['placed', 'paid', 'packed'])[1 + pg_temp.draw(n, 41) % 3]
        WHEN pg_temp.draw(n, 41) % 100 < 3 THEN 'returned'
        WHEN pg_temp.draw(n, 41) % 100 < 10 THEN 'placed'
        ELSE 'shipped'
    END::shop.order_status,
    (SELECT sum(pg_temp.quantity(n, line) * pg_temp.price(pg_temp.product(n, line)))
        FROM generate_series(1, pg_temp.lines(n)) line),
    CASE pg_temp.draw(n, 42) % 10
        WHEN 0 THEN ''
        WHEN 1 THEN 'Bitte beim Nachbarn abgeben – danke! 🙏'
        WHEN 2 THEN 'gift ' || md5('note ${seed} ' || n)
        ELSE NULL
    END,
    pg_temp.placed_at(n)
FROM generate_series(1, pg_temp.orders()) n;

SELECT setval('shop.orders_id_seq', pg_temp.id(pg_temp.orders()) + 3);
SELECT setval('shop.invoice_number', 99999 + pg_temp.id(pg_temp.orders()) + 3);

INSERT INTO shop.payments (id, order_id, amount, paid_at)
SELECT
    pg_temp.id(row_number() OVER (ORDER BY id)),
    id,
    total,
    placed_at + floor(pg_temp.cube(pg_temp.fraction(id, 50)) * 259200000000) * interval '1 microsecond'
FROM shop.orders
WHERE status <> 'placed';

SELECT setval('shop.payments_id_seq', (SELECT max(id) FROM shop.payments) + 1);

ANALYZE shop.orders, shop.payments;

INSERT INTO shop.order_items (order_id, line, sku, quantity, price)
SELECT
    pg_temp.id(n),
    line,
    pg_temp.sku(pg_temp.product(n, line)),
    pg_temp.quantity(n, line),
    pg_temp.price(pg_temp.product(n, line))
FROM generate_series(1, pg_temp.orders()) n, generate_series(1, pg_temp.lines(n)) line;

ANALYZE shop.order_items;

-- Five to fifteen items, all different; their stock is locked in the order of their numbers. One order in a hundred is
-- supplied by another warehouse.
\set w random(1, :scale)
\set d random(1, 10)
\set c random_zipfian(1, 300, 1.1)
\set lines random(5, 15)
\set first random(0, 999)
\set supply case when random(1, 100) = 1 then random(1, :scale) else :w end
BEGIN;
UPDATE tpcc_district SET d_next_o_id = d_next_o_id + 1 WHERE w_id = :w AND d_id = :d
    RETURNING d_next_o_id - 1 AS o_id \gset
INSERT INTO tpcc_orders VALUES (:w, :d, :o_id, :c, clock_timestamp(), NULL, :lines);
INSERT INTO tpcc_new_order VALUES (:w, :d, :o_id);
SELECT count(*) FROM (
    SELECT 1 FROM tpcc_stock
    WHERE w_id = :supply AND i_id IN (SELECT 1 + (:first::int + n * 37) % 1000 FROM generate_series(1, :lines::int) n)
    ORDER BY i_id FOR UPDATE) locked;
UPDATE tpcc_stock
    SET s_quantity = CASE WHEN s_quantity > 20 THEN s_quantity - 10 ELSE s_quantity + 81 END,
        s_ytd = s_ytd + 10, s_order_cnt = s_order_cnt + 1
    WHERE w_id = :supply AND i_id IN (SELECT 1 + (:first::int + n * 37) % 1000 FROM generate_series(1, :lines::int) n);
INSERT INTO tpcc_order_line
    SELECT :w::int, :d::int, :o_id::int, n, i_id, :supply::int, 1 + n % 10, (1 + n % 10) * i_price, NULL
    FROM generate_series(1, :lines::int) n JOIN tpcc_item ON i_id = 1 + (:first::int + n * 37) % 1000;
COMMIT;

-- The oldest order of a district that waits is delivered; concurrent deliveries skip it.
\set w random(1, :scale)
\set d random(1, 10)
\set carrier random(1, 10)
\set o_id 0
BEGIN;
DELETE FROM tpcc_new_order WHERE w_id = :w AND d_id = :d AND o_id = (
    SELECT o_id FROM tpcc_new_order WHERE w_id = :w AND d_id = :d ORDER BY o_id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING w_id, d_id, o_id \aset
\if :o_id > 0
UPDATE tpcc_orders SET o_carrier_id = :carrier WHERE w_id = :w AND d_id = :d AND o_id = :o_id RETURNING c_id \gset
UPDATE tpcc_order_line SET ol_delivery_d = clock_timestamp() WHERE w_id = :w AND d_id = :d AND o_id = :o_id;
UPDATE tpcc_customer
    SET c_balance = c_balance + (
            SELECT sum(ol_amount) FROM tpcc_order_line WHERE w_id = :w AND d_id = :d AND o_id = :o_id),
        c_delivery_cnt = c_delivery_cnt + 1
    WHERE w_id = :w AND d_id = :d AND c_id = :c_id;
\endif
COMMIT;

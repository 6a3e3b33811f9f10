-- What became of a customer's last order.
\set w random(1, :scale)
\set d random(1, 10)
\set c random_zipfian(1, 300, 1.1)
\set o_id 0
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT c_balance, c_last FROM tpcc_customer WHERE w_id = :w AND d_id = :d AND c_id = :c;
SELECT o_id FROM tpcc_orders WHERE w_id = :w AND d_id = :d AND c_id = :c ORDER BY o_id DESC LIMIT 1 \aset
SELECT i_id, ol_quantity, ol_amount, ol_delivery_d FROM tpcc_order_line WHERE w_id = :w AND d_id = :d AND o_id = :o_id;
COMMIT;

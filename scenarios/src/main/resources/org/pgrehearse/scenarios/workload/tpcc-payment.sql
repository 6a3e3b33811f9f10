-- A customer pays at the district of their own.
\set w random(1, :scale)
\set d random(1, 10)
\set c random_zipfian(1, 300, 1.1)
\set amount random(100, 500000) / 100.0
BEGIN;
UPDATE tpcc_warehouse SET w_ytd = w_ytd + :amount WHERE w_id = :w;
UPDATE tpcc_district SET d_ytd = d_ytd + :amount WHERE w_id = :w AND d_id = :d;
UPDATE tpcc_customer
    SET c_balance = c_balance - :amount, c_ytd_payment = c_ytd_payment + :amount, c_payment_cnt = c_payment_cnt + 1
    WHERE w_id = :w AND d_id = :d AND c_id = :c;
INSERT INTO tpcc_history VALUES (:w, :d, :c, clock_timestamp(), :amount);
COMMIT;

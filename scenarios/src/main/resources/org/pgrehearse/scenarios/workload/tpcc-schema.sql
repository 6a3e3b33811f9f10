CREATE TABLE tpcc_warehouse (w_id int PRIMARY KEY, w_tax numeric(4, 4) NOT NULL, w_ytd numeric(14, 2) NOT NULL);
CREATE TABLE tpcc_district (
    w_id int, d_id int, d_tax numeric(4, 4) NOT NULL, d_ytd numeric(14, 2) NOT NULL, d_next_o_id int NOT NULL,
    PRIMARY KEY (w_id, d_id));
CREATE TABLE tpcc_customer (
    w_id int, d_id int, c_id int, c_last text NOT NULL, c_discount numeric(4, 4) NOT NULL,
    c_balance numeric(14, 2) NOT NULL, c_ytd_payment numeric(14, 2) NOT NULL,
    c_payment_cnt int NOT NULL, c_delivery_cnt int NOT NULL,
    PRIMARY KEY (w_id, d_id, c_id));
CREATE TABLE tpcc_history (
    w_id int NOT NULL, d_id int NOT NULL, c_id int NOT NULL, h_date timestamptz NOT NULL, h_amount numeric(8, 2) NOT NULL);
CREATE TABLE tpcc_item (i_id int PRIMARY KEY, i_name text NOT NULL, i_price numeric(6, 2) NOT NULL);
CREATE TABLE tpcc_stock (
    w_id int, i_id int, s_quantity int NOT NULL, s_ytd bigint NOT NULL, s_order_cnt int NOT NULL,
    PRIMARY KEY (w_id, i_id));
CREATE TABLE tpcc_orders (
    w_id int, d_id int, o_id int, c_id int NOT NULL, o_entry_d timestamptz NOT NULL, o_carrier_id int,
    o_ol_cnt int NOT NULL,
    PRIMARY KEY (w_id, d_id, o_id));
CREATE INDEX tpcc_orders_customer ON tpcc_orders (w_id, d_id, c_id, o_id);
CREATE TABLE tpcc_new_order (w_id int, d_id int, o_id int, PRIMARY KEY (w_id, d_id, o_id));
CREATE TABLE tpcc_order_line (
    w_id int, d_id int, o_id int, ol_number int, i_id int NOT NULL, supply_w_id int NOT NULL,
    ol_quantity int NOT NULL, ol_amount numeric(8, 2) NOT NULL, ol_delivery_d timestamptz,
    PRIMARY KEY (w_id, d_id, o_id, ol_number));
-- What must hold after every transaction, and does not: a row for each violation. Empty at all times.
CREATE VIEW tpcc_inconsistencies AS
WITH orders AS (
    SELECT w_id, d_id, max(o_id) AS last, sum(o_ol_cnt) AS lines FROM tpcc_orders GROUP BY w_id, d_id),
lines AS (SELECT w_id, d_id, count(*) AS lines FROM tpcc_order_line GROUP BY w_id, d_id),
paid AS (SELECT w_id, d_id, sum(h_amount) AS amount FROM tpcc_history GROUP BY w_id, d_id),
earned AS (SELECT w_id, sum(d_ytd) AS amount FROM tpcc_district GROUP BY w_id),
delivered AS (
    SELECT w_id, d_id, c_id, sum(ol_amount) AS amount
    FROM tpcc_orders JOIN tpcc_order_line USING (w_id, d_id, o_id) WHERE ol_delivery_d IS NOT NULL
    GROUP BY w_id, d_id, c_id)
SELECT 'a warehouse earned another sum than its districts' AS what, w_id, NULL::int AS d_id, NULL::int AS number
FROM tpcc_warehouse LEFT JOIN earned USING (w_id) WHERE w_ytd <> coalesce(earned.amount, 0)
UNION ALL
SELECT 'a district earned another sum than its payments', w_id, d_id, NULL
FROM tpcc_district LEFT JOIN paid USING (w_id, d_id) WHERE d_ytd <> coalesce(paid.amount, 0)
UNION ALL
SELECT 'the next number of a district is not the one after its last order', w_id, d_id, d_next_o_id
FROM tpcc_district LEFT JOIN orders USING (w_id, d_id) WHERE d_next_o_id - 1 <> coalesce(orders.last, 0)
UNION ALL
SELECT 'the orders of a district count other lines than there are', w_id, d_id, NULL
FROM orders FULL JOIN lines USING (w_id, d_id) WHERE coalesce(orders.lines, 0) <> coalesce(lines.lines, 0)
UNION ALL
SELECT 'an order waits although it has a carrier, or the reverse', w_id, d_id, o_id
FROM tpcc_orders LEFT JOIN tpcc_new_order AS waiting USING (w_id, d_id, o_id)
WHERE (o_carrier_id IS NULL) <> (waiting IS NOT NULL)
UNION ALL
SELECT 'an order waits that is not there', w_id, d_id, o_id
FROM tpcc_new_order AS waiting LEFT JOIN tpcc_orders AS known USING (w_id, d_id, o_id) WHERE known.c_id IS NULL
UNION ALL
SELECT 'a customer owes another sum than was delivered and not paid', w_id, d_id, c_id
FROM tpcc_customer LEFT JOIN delivered USING (w_id, d_id, c_id)
WHERE c_balance <> coalesce(delivered.amount, 0) - c_ytd_payment;

-- How many items of the last twenty orders of a district are short.
\set w random(1, :scale)
\set d random(1, 10)
\set threshold random(10, 20)
BEGIN READ ONLY;
SELECT count(DISTINCT s.i_id)
    FROM tpcc_district AS d
    JOIN tpcc_order_line AS l ON l.w_id = d.w_id AND l.d_id = d.d_id AND l.o_id >= d.d_next_o_id - 20
    JOIN tpcc_stock AS s ON s.w_id = d.w_id AND s.i_id = l.i_id
    WHERE d.w_id = :w AND d.d_id = :d AND s.s_quantity < :threshold;
COMMIT;

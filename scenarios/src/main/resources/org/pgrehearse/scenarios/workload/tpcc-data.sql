INSERT INTO tpcc_item SELECT n, 'item ' || n, 1 + n % 100 FROM generate_series(1, 1000) n;
INSERT INTO tpcc_warehouse SELECT w, 0.1, 0 FROM generate_series(1, :scale) w;
INSERT INTO tpcc_district SELECT w, d, 0.05, 0, 1 FROM generate_series(1, :scale) w, generate_series(1, 10) d;
INSERT INTO tpcc_customer
    SELECT w, d, c, 'last ' || c, 0.1, 0, 0, 0, 0
    FROM generate_series(1, :scale) w, generate_series(1, 10) d, generate_series(1, 300) c;
INSERT INTO tpcc_stock SELECT w, i, 50, 0, 0 FROM generate_series(1, :scale) w, generate_series(1, 1000) i;

INSERT INTO pgbench_branches SELECT n, 0 FROM generate_series(1, :scale) n;
INSERT INTO pgbench_tellers SELECT n, (n - 1) / 10 + 1, 0 FROM generate_series(1, 10 * :scale) n;
INSERT INTO pgbench_accounts SELECT n, (n - 1) / 100000 + 1, 0, '' FROM generate_series(1, 100000 * :scale) n;

INSERT INTO bank_accounts SELECT n, 1000 FROM generate_series(1, 1000 * :scale) n;

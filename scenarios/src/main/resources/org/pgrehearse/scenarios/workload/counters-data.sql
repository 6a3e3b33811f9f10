INSERT INTO counters SELECT n, 0 FROM generate_series(1, 100 * :scale) n;

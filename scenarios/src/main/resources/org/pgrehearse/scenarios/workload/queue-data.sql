INSERT INTO queue_jobs (payload) SELECT md5(n::text) FROM generate_series(1, 100 * :scale) n;

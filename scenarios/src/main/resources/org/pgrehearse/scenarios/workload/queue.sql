-- Jobs come and are taken by whoever is first, without waiting for the others.
\set coming random(0, 1)
BEGIN;
\if :coming
INSERT INTO queue_jobs (payload) VALUES (md5(:coming || clock_timestamp()::text));
\else
UPDATE queue_jobs SET taken_at = clock_timestamp() WHERE id = (
    SELECT id FROM queue_jobs WHERE taken_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
\endif
COMMIT;

-- Jobs come, are taken by whoever is first without waiting for the others, and are deleted when they are done.
\set step random(1, 3)
BEGIN;
\if :step = 1
INSERT INTO queue_jobs (payload) VALUES (md5(:step || clock_timestamp()::text));
\elif :step = 2
UPDATE queue_jobs SET taken_at = clock_timestamp() WHERE id = (
    SELECT id FROM queue_jobs WHERE taken_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED);
\else
DELETE FROM queue_jobs WHERE id = (
    SELECT id FROM queue_jobs WHERE taken_at IS NOT NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id;
\endif
COMMIT;

-- One counter grows by one: an update that is lost or done twice shows in the sum. A few counters are hot.
\set id random_zipfian(1, 100 * :scale, 1.5)
BEGIN;
UPDATE counters SET n = n + 1 WHERE id = :id;
COMMIT;

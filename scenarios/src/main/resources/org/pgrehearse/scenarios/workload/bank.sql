-- A transfer: what all accounts hold together never changes. Accounts are locked in the order of their ids.
\set one random_zipfian(1, 1000 * :scale, 1.1)
\set other random(1, 1000 * :scale)
\set lower least(:one, :other)
\set upper greatest(:one, :other)
\set amount random(1, 100)
BEGIN;
UPDATE bank_accounts SET balance = balance - :amount WHERE id = :lower;
UPDATE bank_accounts SET balance = balance + :amount WHERE id = :upper;
COMMIT;

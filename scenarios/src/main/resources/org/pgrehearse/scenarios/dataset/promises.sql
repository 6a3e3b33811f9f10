-- What the promises of a load are kept in. Every table has a primary key, so that every change can be replicated.
CREATE TABLE pgrehearse.lists (key bigint PRIMARY KEY, items bigint[] NOT NULL);
CREATE TABLE pgrehearse.registers (key bigint PRIMARY KEY, value bigint NOT NULL, version bigint NOT NULL);
CREATE TABLE pgrehearse.accounts (id bigint PRIMARY KEY, balance bigint NOT NULL);
CREATE TABLE pgrehearse.twins_first (id bigint PRIMARY KEY, value bigint NOT NULL);
CREATE TABLE pgrehearse.twins_second (id bigint PRIMARY KEY, value bigint NOT NULL);

-- The number alone is not unique on purpose: a constraint would turn a number handed out twice into an error.
CREATE SEQUENCE pgrehearse.receipt_number;

CREATE TABLE pgrehearse.receipts (
    number bigint NOT NULL DEFAULT nextval('pgrehearse.receipt_number'),
    holder bigint NOT NULL,
    PRIMARY KEY (number, holder)
);

GRANT SELECT, INSERT, UPDATE ON pgrehearse.lists, pgrehearse.registers, pgrehearse.accounts, pgrehearse.twins_first,
    pgrehearse.twins_second, pgrehearse.receipts TO PUBLIC;
GRANT USAGE ON SEQUENCE pgrehearse.receipt_number TO PUBLIC;

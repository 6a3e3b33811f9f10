CREATE TABLE bank_accounts (id bigint PRIMARY KEY, balance bigint NOT NULL);

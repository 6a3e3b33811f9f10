CREATE TABLE counters (id bigint PRIMARY KEY, n bigint NOT NULL);

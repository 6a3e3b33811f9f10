-- The ledger: every write of the load and of the sentinel leaves its token here, in its own transaction.
-- The defaults are evaluated where the statement runs and replicated as values, so each row says which side executed it.
-- There is no unique constraint on purpose: it would turn a write applied twice into an error, and hide it.
CREATE SCHEMA pgrehearse;

-- Which side this server is. An environment that cannot name its servers puts a function of its own in this one's place.
CREATE FUNCTION pgrehearse.executed_on() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT current_setting('cluster_name') $$;

CREATE TABLE pgrehearse.ledger (
    token bigint NOT NULL,
    executed_on text NOT NULL DEFAULT pgrehearse.executed_on(),
    xid bigint NOT NULL DEFAULT txid_current(),
    lsn pg_lsn NOT NULL DEFAULT pg_current_wal_insert_lsn(),
    backend integer NOT NULL DEFAULT pg_backend_pid(),
    written_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

GRANT USAGE ON SCHEMA pgrehearse TO PUBLIC;
GRANT SELECT, INSERT ON pgrehearse.ledger TO PUBLIC;

package org.pgrehearse.verifier.preflight;

import java.util.List;

/** SQL that makes faults, and the check and object that each must be found as. */
final class PlantedFaults {
    /** One fault a statement, in an empty database of a server of 12. */
    static final String SOURCE = """
            CREATE TABLE keyless (id int);
            CREATE TABLE shapes (id int PRIMARY KEY, p point); ALTER TABLE shapes REPLICA IDENTITY FULL;
            CREATE UNLOGGED TABLE draft (id int PRIMARY KEY);
            CREATE MATERIALIZED VIEW totals AS SELECT 1 AS one;
            CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
            CREATE FOREIGN TABLE remote (id int) SERVER nowhere;
            SELECT lo_create(424242);
            CREATE PUBLICATION inserts FOR TABLE shapes WITH (publish = 'insert');
            CREATE TABLE parent (id int PRIMARY KEY);
            CREATE TABLE child (id int PRIMARY KEY, parent int);
            ALTER TABLE child ADD CONSTRAINT child_fk FOREIGN KEY (parent) REFERENCES parent NOT VALID;
            CREATE TABLE doubles (id int PRIMARY KEY, v int); INSERT INTO doubles VALUES (1, 1); ANALYZE doubles;
            CREATE INDEX doubles_v ON doubles (v);
            UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'doubles_v'::regclass;
            CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER repack_trigger AFTER INSERT ON parent FOR EACH ROW EXECUTE FUNCTION nothing();
            CREATE TABLE orders_intermediate (id int PRIMARY KEY);
            CREATE TABLE blind (id bigint PRIMARY KEY); INSERT INTO blind VALUES (1);
            CREATE TABLE "it's 100%" ("the id" bigserial PRIMARY KEY);
            INSERT INTO "it's 100%" VALUES (7); ANALYZE "it's 100%";
            CREATE TABLE unindexed (n serial, id bigint PRIMARY KEY);
            INSERT INTO unindexed VALUES (5, 5); ANALYZE unindexed;
            CREATE SEQUENCE worn MAXVALUE 100; SELECT setval('worn', 90);
            CREATE TABLE full_of_keys (id smallint PRIMARY KEY);
            INSERT INTO full_of_keys VALUES (30000); ANALYZE full_of_keys;
            ALTER DATABASE source SET default_transaction_read_only = 'off';
            CREATE ROLE frozen; ALTER ROLE frozen SET default_transaction_read_only = 'on';
            ALTER ROLE postgres IN DATABASE source SET lock_timeout = 0;
            CREATE COLLATION german (provider = libc, locale = 'C'); CREATE TABLE names (n text COLLATE german
            PRIMARY KEY);
            UPDATE pg_collation SET collversion = 'old' WHERE collname = 'german';
            """;

    /** Those that take a transaction of their own. */
    static final List<String> SOURCE_ALONE = List.of(
            "SELECT pg_create_logical_replication_slot('unread', 'pgoutput')",
            "BEGIN; INSERT INTO parent VALUES (1); PREPARE TRANSACTION 'half'",
            "INSERT INTO pg_replication_origin VALUES (99999, 'pg_99999')",
            "CREATE SUBSCRIPTION sleeping CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p"
                    + " WITH (connect = false, slot_name = NONE)");

    static final List<String> SOURCE_UNDONE = List.of(
            "ROLLBACK PREPARED 'half'",
            "SELECT pg_drop_replication_slot('unread')",
            "DELETE FROM pg_replication_origin WHERE roname = 'pg_99999'",
            "DROP SUBSCRIPTION sleeping",
            "DROP ROLE frozen");

    static final List<String> FOUND_ON_SOURCE = List.of(
            "no-replica-identity public.keyless",
            "full-identity-without-equality public.shapes.p",
            "no-primary-key public.keyless",
            "no-unique-key public.keyless",
            "not-carried public.draft",
            "not-carried public.totals",
            "not-carried public.remote",
            "large-objects-not-carried large objects",
            "sequences-not-carried sequences",
            "publication-leaves-out-commands inserts",
            "invalid-index public.doubles_v",
            "constraint-not-validated public.child.child_fk",
            "idle-slot unread",
            "orphaned-origin pg_99999",
            "disabled-subscription sleeping",
            "leftover-trigger public.parent.repack_trigger",
            "leftover-table public.orders_intermediate",
            "read-only-default role frozen",
            "no-statistics public.blind",
            "sequence-behind public.\"it's 100%_the id_seq\"",
            "sequence-nearly-used public.worn",
            "key-nearly-used public.full_of_keys.id",
            "prepared-transaction half",
            "long-transaction session of postgres",
            "no-lock-timeout role postgres",
            "stale-collation public.german");

    static final String PAIR_SOURCE = """
            CREATE EXTENSION hstore; CREATE TABLE gone (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, v
            text, w int);
            CREATE TABLE filled (id int PRIMARY KEY); CREATE ROLE only_here; ALTER TABLE gone OWNER TO only_here;
            ALTER DATABASE source SET DateStyle = 'SQL, DMY';
            """;

    static final String PAIR_TARGET = """
            CREATE TABLE t (id int PRIMARY KEY, v varchar(10)); CREATE TABLE filled (id int PRIMARY KEY);
            INSERT INTO filled VALUES (1); ANALYZE filled;
            CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER loud AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION nothing();
            ALTER TABLE t ENABLE ALWAYS TRIGGER loud;
            ALTER DATABASE target SET bytea_output = 'escape';
            """;

    static final List<String> TARGET_ALONE =
            List.of("CREATE SUBSCRIPTION there CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p"
                    + " WITH (connect = false, slot_name = NONE)");

    static final List<String> TARGET_UNDONE = List.of("DROP SUBSCRIPTION there");

    static final List<String> FOUND_ON_PAIR = List.of(
            "extension-missing hstore",
            "table-missing public.gone",
            "column-differs public.t.v",
            "column-differs public.t.w",
            "target-not-empty public.filled",
            "role-missing only_here",
            "stored-setting-differs DateStyle of the database",
            "stored-setting-differs bytea_output of the database",
            "trigger-mode public.t.loud",
            "subscription-exists there",
            "disabled-subscription there");

    private PlantedFaults() {}
}

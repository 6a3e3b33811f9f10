package org.pgrehearse.scenarios.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The scenarios that come with pgrehearse, by name. */
public final class Catalogue {
    private static final List<String> NAMES = List.of(
            "logical-cutover",
            "all-tables-cutover",
            "split-table-cutover",
            "seeded-cutover",
            "rollback-with-reverse",
            "blue-green",
            "copy-again",
            "pgbouncer-cutover",
            "haproxy-cutover",
            "dump-restore",
            "parallel-dump-restore",
            "standby-promotion",
            "standby-by-basebackup",
            "recover-to-restore-point",
            "recover-to-lsn",
            "pglogical-cutover",
            "pgcopydb-clone",
            "bucardo-cutover",
            "textbook-cutover",
            "staging-cutover",
            "row-filter-hole",
            "seed-before-slot",
            "dropped-before-catch-up",
            "soft-fence",
            "second-role-not-fenced",
            "stale-pool",
            "sequences-forgotten",
            "rollback-without-reverse",
            "blue-green-echo",
            "copy-stuck",
            "pgbouncer-without-pause",
            "haproxy-sessions-left",
            "dump-under-load",
            "restore-without-fence",
            "dump-errors-ignored",
            "promoted-too-early",
            "split-brain-promotion",
            "recovery-inclusive",
            "recovery-too-late",
            "recovery-without-last-segment",
            "pglogical-table-forgotten",
            "pglogical-sequences-forgotten",
            "pgcopydb-under-load",
            "pgcopydb-follow",
            "pgcopydb-follow-identity",
            "bucardo-table-without-key",
            "bucardo-sequences-forgotten",
            "bucardo-triggers-bypassed",
            "bucardo-target-edited",
            "bucardo-column-added",
            "null-run",
            "known-outage",
            "unknown-commits");

    /** Changes within one database; each sound one is followed by what people do instead. */
    private static final List<String> SCHEMA_CHANGES = List.of(
            "lock-timeout-retry",
            "lock-queue",
            "constraint-not-valid",
            "constraint-at-once",
            "index-concurrently",
            "index-at-once",
            "invalid-index",
            "backfill-keyset",
            "backfill-offset",
            "backfill-between",
            "backfill-border",
            "backfill-swallowed");

    /** Changes by a second table that takes the name of the first. */
    private static final List<String> SHADOW_TABLES = List.of(
            "shadow-table",
            "shadow-table-back",
            "shadow-without-triggers",
            "shadow-triggers-late",
            "shadow-without-row-locks",
            "shadow-upsert-overwrites",
            "shadow-swap-forgets",
            "shadow-drop-cascade",
            "shadow-back-without-trigger");

    /** Tables rewritten by pg_repack. */
    private static final List<String> REPACKS =
            List.of("pg-repack", "pg-repack-kills", "pg-repack-skipped", "pg-repack-without-key");

    /** Changes that two releases of the application live through together. */
    private static final List<String> RELEASES = List.of(
            "expand-and-contract",
            "rename-at-once",
            "contract-too-early",
            "required-too-early",
            "dual-write-forgotten");

    /** Migration tools; each sound one is followed by what people do instead. */
    private static final List<String> MIGRATION_TOOLS = List.of(
            "flyway",
            "flyway-waits-for-itself",
            "liquibase",
            "liquibase-lock-left",
            "liquibase-half-applied",
            "golang-migrate",
            "golang-migrate-dirty",
            "golang-migrate-cut",
            "liquibase-cut",
            "script-cut",
            "script-cut-and-again",
            "deployment-killed",
            "deployment-killed-half-way",
            "pgslice",
            "pgslice-without-second-fill",
            "pgslice-with-updates");

    /**
     * Failures that bite most around logical replication, beside what avoids them where that is a runbook of its own.
     */
    private static final List<String> REPLICATION_FAILURES = List.of(
            "publish-without-identity",
            "publish-with-identity",
            "column-on-source-only",
            "column-on-target-first",
            "table-not-refreshed",
            "table-refreshed",
            "statistics-forgotten",
            "statistics-first",
            "target-written-first",
            "target-row-removed",
            "slot-lost",
            "slot-made-anew",
            "slot-left-behind",
            "pause-behind-a-report",
            "slot-behind-prepared",
            "slot-gate",
            "slot-after-transactions",
            "refresh-without-copy",
            "copied-onto-data",
            "never-replicated",
            "view-never-refreshed",
            "partition-attached-later",
            "truncate-not-published",
            "trigger-stays-silent",
            "trigger-fires-twice",
            "parent-removed",
            "prepared-through-the-fence",
            "pglogical-plugin-refused");

    private Catalogue() {}

    /** All names, in the order they are listed to users. */
    public static List<String> names() {
        return Stream.of(NAMES, REPLICATION_FAILURES, SCHEMA_CHANGES, SHADOW_TABLES, REPACKS, RELEASES, MIGRATION_TOOLS)
                .flatMap(List::stream)
                .toList();
    }

    /** The text of a scenario; empty when there is none of that name. */
    public static Optional<String> yaml(String name) {
        if (!names().contains(name)) {
            return Optional.empty();
        }
        try (InputStream resource =
                Catalogue.class.getResourceAsStream("/org/pgrehearse/scenarios/catalogue/" + name + ".yaml")) {
            if (resource == null) {
                throw new IllegalStateException("the catalogue lacks its own scenario " + name);
            }
            return Optional.of(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

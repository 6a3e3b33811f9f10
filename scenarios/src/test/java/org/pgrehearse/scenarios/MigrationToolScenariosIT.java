package org.pgrehearse.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgrehearse.reports.analysis.RunVerdict;
import org.pgrehearse.reports.journal.Event.Ending;
import org.pgrehearse.scenarios.spec.InvalidScenario;
import org.pgrehearse.scenarios.testkit.CatalogueRun;

/** The catalogue's migration tools: sound folders pass, popular ones fail for the reason that is theirs. */
final class MigrationToolScenariosIT {
    @TempDir
    private Path logs;

    @ParameterizedTest
    @ValueSource(
            strings = {"flyway", "liquibase", "golang-migrate", "deployment-killed", "script-cut-and-again", "pgslice"})
    void a_sound_folder_passes(String name) throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled(name, logs);

        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.COMPLETED);
        assertThat(run.judgement().verdict()).as(run.reasons()).isEqualTo(RunVerdict.PASSED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        flyway-waits-for-itself | deadline of 15000 ms passed.* of flyway, the tool's own, idle in transaction
        liquibase-lock-left     | deadline of 12000 ms passed.* databasechangeloglock is held by .+ since \\d{4}-
        liquibase-half-applied  | ada:1 failed, and is half applied: it left .*delivered_at.*INVALID index
        golang-migrate-dirty    | 000001_.* is half applied: it left .*delivered_at.* dirty at version 1
        golang-migrate-cut      | 000001_.* failed, and left the schema as it was.* dirty at version 1
        liquibase-cut           | ada:1 failed, and left the schema as it was.* databasechangeloglock is held by
        script-cut              | column "delivered_at" of relation "orders" already exists
        deployment-killed-half-way | killed at \\d+ of \\d+ .*CREATE TABLE shop.couriers.*, the next run refuses: 001_
        pgslice-without-second-fill | gives \\d+ rows differ from page_views_retired, first \\{\\d+,.*not none
        pgslice-with-updates | gives 3 rows differ from page_views_retired, first \\{7,7,8\\} on the source
        """)
    void a_popular_folder_fails_for_its_own_reason(String name, String reason) throws InvalidScenario {
        CatalogueRun run = CatalogueRun.whereInstalled(name, logs);

        assertThat(run.judgement().run().ending()).as(run.reasons()).isEqualTo(Ending.ABORTED);
        assertThat(run.judgement().verdict()).as(run.reasons()).isEqualTo(RunVerdict.FAILED);
        assertThat(run.judgement().run().endingDetail()).containsPattern(reason);
    }
}

package org.pgrehearse.scenarios.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgrehearse.scenarios.environment.EnvironmentException;
import org.pgrehearse.verifier.endpoint.Endpoint;
import org.pgrehearse.verifier.endpoint.Secret;
import org.pgrehearse.verifier.endpoint.Surroundings;

/** What is refused on servers of somebody else, from facts alone. */
final class ExternalRefusalsTest {
    private static final ExternalNeeds CUTOVER = new ExternalNeeds(true, true);
    private static final Surroundings SURROUNDINGS =
            new Surroundings(Map.of("PW", "p@ss'w\\ord/%"), Path.of("/nowhere"), "nobody");

    @Test
    void a_quiet_copy_shows_no_sign_of_production() {
        assertThat(ProductionSigns.of("10.0.0.7", facts("shop", 10, 0, 100L << 30, 1 << 20)))
                .isEmpty();
        for (String name : new String[] {"shop-prod-staging", "nonprod", "preprod_1", "products", "alive", "olive"}) {
            assertThat(ProductionSigns.of(name, facts(name, 0, 0, 0, 0)))
                    .as(name)
                    .isEmpty();
        }
    }

    @Test
    void each_sign_of_production_is_told() {
        assertThat(ProductionSigns.of("db-PROD-1.example", facts("live", 11, 2, (100L << 30) + 1, (1 << 20) + 1)))
                .containsExactly(
                        "its host is named db-PROD-1.example",
                        "the database is named live",
                        "11 sessions of others are connected to it",
                        "2 replication slots or receivers depend on the server",
                        "it holds 100 GiB",
                        "the server writes 1024 KiB of WAL a second");
    }

    @Test
    void a_role_with_every_grant_lacks_nothing() {
        assertThat(CUTOVER.missingOnSource(role(170000, true), true)).isEmpty();
        assertThat(CUTOVER.missingOnTarget(role(170000, true))).isEmpty();
    }

    @Test
    void each_missing_grant_is_named_with_its_statement() {
        assertThat(CUTOVER.missingOnSource(role(150000, false), false))
                .hasSize(5)
                .anyMatch(text -> text.contains("GRANT CREATE ON DATABASE \"shop\" TO \"o\"\"brien\";"))
                .anyMatch(text -> text.contains("ALTER SYSTEM SET wal_level = logical;"))
                .anyMatch(text -> text.contains("ALTER ROLE \"o\"\"brien\" REPLICATION;"))
                .anyMatch(text -> text.contains("a password, and none is known"))
                .anyMatch(text -> text.contains("ALTER DATABASE \"shop\" OWNER TO \"o\"\"brien\";"));
        assertThat(CUTOVER.missingOnTarget(role(170000, false)))
                .hasSize(2)
                .anyMatch(text -> text.contains("GRANT pg_create_subscription TO \"o\"\"brien\";"));
        assertThat(CUTOVER.missingOnTarget(role(150000, true)))
                .containsExactly(
                        "Cannot subscribe on the target: PostgreSQL 15 lets only superusers. Use a target of 16"
                                + " or newer, or a superuser.");
    }

    @Test
    void a_run_that_replicates_nothing_needs_only_its_schemas() {
        ExternalNeeds needs = new ExternalNeeds(false, false);
        assertThat(needs.missingOnSource(role(150000, false), false)).hasSize(1);
        assertThat(needs.missingOnTarget(role(150000, false))).isEmpty();
    }

    @Test
    void a_variable_may_hold_any_password_in_either_form() {
        for (String text :
                new String[] {"postgresql://u:${PW}@h:7/d", "host=h port=7 user=u dbname=d password=${PW}"}) {
            Endpoint endpoint = Connections.resolve("source", text, SURROUNDINGS);
            assertThat(endpoint.password().map(Secret::reveal)).contains("p@ss'w\\ord/%");
            assertThat(endpoint.displayUrl()).isEqualTo("postgresql://h:7/d");
        }
    }

    @Test
    void a_connection_that_cannot_be_used_is_refused_by_its_key() {
        assertRefused("postgresql://u:${NONE}@h/d", "Cannot read environment.target: the variable NONE is not set.");
        assertRefused("host=a,b dbname=d", "with 2 addresses");
        assertRefused("host=h sslmode=verify-full", "Write verify-ca.");
        assertRefused("mysql://h/d", "Cannot read environment.target: ");
    }

    private static void assertRefused(String text, String why) {
        assertThatThrownBy(() -> Connections.resolve("target", text, SURROUNDINGS))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageContaining(why);
    }

    private static ServerFacts role(int version, boolean may) {
        return new ServerFacts(
                version,
                "shop",
                "o\"brien",
                false,
                may,
                may,
                may,
                may,
                may,
                may,
                may,
                false,
                may ? "logical" : "replica",
                false,
                0,
                0,
                0,
                0);
    }

    private static ServerFacts facts(String database, long sessions, long consumers, long bytes, long wal) {
        return new ServerFacts(
                170000, database, "u", false, true, true, true, true, true, true, true, false, "logical", false,
                sessions, consumers, bytes, wal);
    }
}

package org.pgrehearse.scenarios.migration;

import java.util.List;
import java.util.Optional;
import org.pgrehearse.scenarios.spec.Scenario;

/** pg_repack rewrites tables under load. It needs its extension in the server; runbooks run it by {@code exec}. */
public final class PgRepack implements MigrationSystem {
    private static final String PROGRAM = "pg_repack";

    @Override
    public String name() {
        return "pg-repack";
    }

    @Override
    public Needs needs(Scenario scenario) {
        int major = scenario.environment().source();
        return new Needs(
                Needs.NOTHING.settings(),
                Optional.of(new Needs.Extension(PROGRAM, "postgresql-%d-repack")),
                List.of(),
                List.of(new Needs.Other(PROGRAM, "postgresql-" + major + "-repack")),
                false);
    }

    @Override
    public List<Step> ownSteps() {
        return List.of();
    }
}

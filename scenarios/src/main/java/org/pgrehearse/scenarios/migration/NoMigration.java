package org.pgrehearse.scenarios.migration;

import java.util.List;

/** No migration at all: for runs that measure the instrument itself. */
public final class NoMigration implements MigrationSystem {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public List<Step> ownSteps() {
        return List.of();
    }
}

package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** A statement of the user's on a subscriber, after which replication cannot go on, and the one that undoes it. */
public final class StatementHarm implements Harm {
    private final SqlAccess access;
    private final String statement;
    private final String undo;
    private final ApplyErrors errors;
    private final AtomicBoolean executed = new AtomicBoolean();

    /** A statement that was not executed. */
    public StatementHarm(SqlAccess access, String statement, String undo) {
        this.access = access;
        this.statement = statement;
        this.undo = undo;
        this.errors = new ApplyErrors(access);
    }

    @Override
    public void inject() throws IOException {
        errors.begin();
        Sql.run(access, statement);
        executed.set(true);
    }

    @Override
    public Optional<String> evidence() {
        return executed.get() ? errors.since() : Optional.empty();
    }

    /** What the statements mean only their author knows, so that one that succeeds is all that can be read back. */
    @Override
    public void heal() throws IOException {
        if (executed.get()) {
            Sql.run(access, undo);
            executed.set(false);
        }
    }
}

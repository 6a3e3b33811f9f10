package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** A schema that is changed by one statement and changed back by another, with the catalogue as the witness. */
public final class SchemaHarm implements Harm {
    private static final String USERS = " n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'";
    private static final String CLASS = " JOIN pg_class c ON c.oid = %s JOIN pg_namespace n ON n.oid = c.relnamespace";
    private static final String NAMED = " quote_ident(n.nspname) || '.' || quote_ident(c.relname) || ' ' ||";

    private static final String FACTS = "SELECT 'relation ' ||" + NAMED
            + " c.relkind::text || c.relpersistence::text || c.relreplident::text FROM pg_class c"
            + " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE" + USERS
            + " UNION ALL SELECT 'column ' ||" + NAMED
            + " a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text || ' '"
            + " || coalesce(pg_get_expr(d.adbin, d.adrelid), '') FROM pg_attribute a"
            + CLASS.formatted("a.attrelid")
            + " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
            + " WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND" + USERS
            + " UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid::text"
            + " FROM pg_index i" + CLASS.formatted("i.indexrelid") + " WHERE" + USERS
            + " UNION ALL SELECT 'constraint ' ||" + NAMED + " o.conname || ' ' || pg_get_constraintdef(o.oid)"
            + " FROM pg_constraint o" + CLASS.formatted("o.conrelid") + " WHERE" + USERS
            + " UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text"
            + " FROM pg_trigger t" + CLASS.formatted("t.tgrelid") + " WHERE NOT t.tgisinternal AND" + USERS
            + " UNION ALL SELECT 'function ' || p.oid::regprocedure::text || ' ' || md5(p.prosrc)"
            + " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE" + USERS
            + " UNION ALL SELECT 'label ' || e.enumtypid::regtype::text || ' ' || e.enumlabel FROM pg_enum e";

    private final SqlAccess access;
    private final String statement;
    private final String undo;
    private final AtomicBoolean executed = new AtomicBoolean();
    private final AtomicReference<Change> change = new AtomicReference<>(new Change(List.of(), List.of()));

    /** What the statement did to the catalogue's facts. */
    private record Change(List<String> added, List<String> removed) {
        List<String> all() {
            List<String> all = new ArrayList<>(removed);
            all.addAll(added);
            return all;
        }
    }

    /** A schema that is not changed yet. */
    public SchemaHarm(SqlAccess access, String statement, String undo) {
        this.access = access;
        this.statement = statement;
        this.undo = undo;
    }

    @Override
    public void inject() throws IOException {
        List<String> before = facts();
        Sql.run(access, statement);
        executed.set(true);
        List<String> after = facts();
        change.set(new Change(minus(after, before), minus(before, after)));
    }

    @Override
    public Optional<String> evidence() {
        List<String> changed = change.get().all();
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of(changed.size() + " facts of the catalogue changed, the first: " + changed.getFirst());
    }

    @Override
    public void heal() throws IOException {
        if (!executed.get()) {
            return;
        }
        if (!isUndone()) {
            Sql.run(access, undo);
        }
        if (!isUndone()) {
            throw new IOException("the catalogue is not as it was before. Correct the statement under \"undo\".");
        }
    }

    /** Others may have changed the schema meanwhile; only what this fault did counts. */
    private boolean isUndone() throws IOException {
        List<String> now = facts();
        Change done = change.get();
        return now.containsAll(done.removed())
                && minus(done.added(), now).size() == done.added().size();
    }

    private List<String> facts() throws IOException {
        return Sql.rows(access, FACTS).stream().map(List::getFirst).sorted().toList();
    }

    private static List<String> minus(List<String> all, List<String> others) {
        List<String> rest = new ArrayList<>(all);
        rest.removeAll(new HashSet<>(others));
        return rest;
    }
}

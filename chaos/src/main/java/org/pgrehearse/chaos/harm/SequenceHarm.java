package org.pgrehearse.chaos.harm;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.pgrehearse.chaos.server.ServerControl.SqlAccess;

/** A sequence that jumps. It goes back only if nobody has drawn a number since; a number once given stays given. */
public final class SequenceHarm implements Harm {
    private final SqlAccess access;
    private final String name;
    private final long by;
    private final AtomicReference<@Nullable Jump> jump = new AtomicReference<>();
    private final AtomicReference<String> damage = new AtomicReference<>("");

    private record Jump(String sequence, List<String> before, List<String> after) {}

    /** A sequence that has not jumped. */
    public SequenceHarm(SqlAccess access, String sequence, long by) {
        this.access = access;
        this.name = sequence;
        this.by = by;
    }

    @Override
    public void inject() throws IOException {
        String sequence = Sql.relation(access, name);
        List<String> before = state(sequence);
        long to = Math.addExact(Long.parseLong(before.getFirst()), by);
        set(sequence, Long.toString(to), "true");
        jump.set(new Jump(sequence, before, List.of(Long.toString(to), "t")));
    }

    /** It bit when somebody drew a number. */
    @Override
    public Optional<String> evidence() {
        Jump done = jump.get();
        if (done == null) {
            return Optional.empty();
        }
        try {
            List<String> now = state(done.sequence());
            return now.equals(done.after())
                    ? Optional.empty()
                    : Optional.of("numbers were drawn after the jump to "
                            + done.after().getFirst() + ", the last " + now.getFirst());
        } catch (IOException unanswered) {
            return Optional.empty();
        }
    }

    @Override
    public void heal() throws IOException {
        Jump done = jump.get();
        if (done == null) {
            return;
        }
        // Between the look and the change somebody may draw one number more; a sequence knows no lock against that.
        List<String> now = state(done.sequence());
        if (now.equals(done.after())) {
            set(
                    done.sequence(),
                    done.before().getFirst(),
                    done.before().getLast().equals("t") ? "true" : "false");
        } else if (!now.equals(done.before())) {
            damage.set("sequence " + done.sequence() + " stays at " + now.getFirst()
                    + ": numbers were drawn since it jumped from "
                    + done.before().getFirst());
        }
        jump.set(null);
    }

    @Override
    public Optional<String> damage() {
        return Optional.of(damage.get()).filter(text -> !text.isEmpty());
    }

    private List<String> state(String sequence) throws IOException {
        return Sql.rows(access, "SELECT last_value, is_called FROM " + sequence).getFirst();
    }

    private void set(String sequence, String value, String called) throws IOException {
        Sql.run(
                access,
                "SELECT pg_catalog.setval(" + Sql.literal(sequence) + "::regclass, " + value + ", " + called + ")");
    }
}

package org.pgrehearse.scenarios.workload;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pgrehearse.scenarios.script.KeyStatements;
import org.pgrehearse.scenarios.script.Script;
import org.pgrehearse.scenarios.script.Value;
import org.pgrehearse.scenarios.script.Variables;

/** One script as a load: each arrival runs it once, from fresh variables. */
public final class Scripts implements Workload {
    private static final int CLIENTS = 100;

    private final Script script;
    private final Script.Form form;
    private final boolean proven;
    private final KeyStatements keyed;
    private final QueryMode mode;
    private final Map<String, Value> definitions;
    private final Optional<Isolation> isolation;

    private Scripts(
            Script script,
            Script.Form form,
            boolean proven,
            KeyStatements keyed,
            QueryMode mode,
            Map<String, Value> definitions,
            Optional<Isolation> isolation) {
        this.isolation = isolation;
        this.keyed = keyed;
        this.script = script;
        this.form = form;
        this.proven = proven;
        this.mode = mode;
        this.definitions = Map.copyOf(definitions);
    }

    /**
     * A script as a load.
     *
     * @param wrap whether a script that writes without BEGIN becomes one transaction
     * @param definitions what its variables begin with; {@code client_id} and {@code default_seed} are set as well
     */
    public static Scripts of(Script script, boolean wrap, QueryMode mode, Map<String, Value> definitions) {
        Script.Form form = script.form();
        boolean proven = switch (form) {
            case Script.Form.Block block -> true;
            case Script.Form.Bare bare -> wrap;
            case Script.Form.Reads reads -> wrap && reads.bare();
            case Script.Form.Other other -> false;
        };
        return new Scripts(script, form, proven, new KeyStatements(""), mode, definitions, Optional.empty());
    }

    /**
     * The same, of which it is recorded what rows of a table it deletes and inserts, from what those statements return.
     *
     * @param table as its statements name it; empty for none
     */
    public Scripts keysOf(String table) {
        return new Scripts(script, form, proven, new KeyStatements(table), mode, definitions, isolation);
    }

    /** The same, isolated so far whatever the load says. */
    public Scripts at(Isolation level) {
        return new Scripts(script, form, proven, keyed, mode, definitions, Optional.of(level));
    }

    /** Whether each of its transactions writes the ledger too, so that a lost one is found. */
    public boolean proven() {
        return proven;
    }

    /** Why its writes cannot be found lost; empty when they can, or when it has none. */
    public String doubt() {
        String unproven = "Lost writes of the script " + script.name() + " are not looked for: ";
        return switch (form) {
            case Script.Form.Block block -> "";
            case Script.Form.Reads reads -> "";
            case Script.Form.Bare bare ->
                proven
                        ? ""
                        : unproven + "its statements commit one by one. Say \"wrap: yes\" to make it one transaction.";
            case Script.Form.Other other -> unproven + other.reason() + " (line " + other.line() + ").";
        };
    }

    @Override
    public String name() {
        return script.name();
    }

    @Override
    public Transaction choose(RandomGenerator random) {
        Map<String, Value> values = new HashMap<>();
        values.put("client_id", Value.of((long) random.nextInt(CLIENTS)));
        values.put(Variables.DEFAULT_SEED, Value.of(0L));
        values.putAll(definitions);
        boolean held = proven || !(form instanceof Script.Form.Reads);
        return new ScriptTransaction(
                script.name(), script, form, keyed, proven, isolation, held, mode, values, random.nextLong());
    }
}

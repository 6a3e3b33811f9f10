package org.pgrehearse.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A script that was read, and what can be said about its transactions. Immutable. */
public record Script(String name, List<Command> commands) {
    private static final Pattern BEGIN =
            Pattern.compile("(?is)\\s*(?:begin(?:\\s+work|\\s+transaction)?|start\\s+transaction)\\b\\s*(?<modes>.*)");
    private static final Pattern COMMIT =
            Pattern.compile("(?is)\\s*(?:commit|end)(?:\\s+work|\\s+transaction)?(?:\\s+and\\s+no\\s+chain)?\\s*");
    private static final Pattern ENDING = Pattern.compile(
            "(?is)\\s*(?:commit|end|rollback(?!(?:\\s+\\w+)?\\s+to\\b)|abort|prepare\\s+transaction)\\b.*");
    private static final Pattern FIRST_WORD = Pattern.compile("\\s*\\(*\\s*(\\w+)");
    private static final Pattern READ_ONLY = Pattern.compile("(?is).*\\bread\\s+only\\b.*");
    private static final Variables NOTHING_SET = new Variables(Map.of());
    private static final Set<String> READING = Set.of("select", "table", "values", "show", "explain");

    public Script {
        commands = List.copyOf(commands);
    }

    /**
     * Reads a script.
     *
     * @param file its name in messages
     * @throws InvalidScript with everything that is wrong
     */
    public static Script parse(String file, String text) throws InvalidScript {
        return new ScriptParser(file, text).parse();
    }

    /** What its statements make of transactions, seen without running them. */
    public Form form() {
        List<Integer> begins = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        boolean readsOnly = true;
        for (int i = 0; i < commands.size(); i++) {
            String sql = sql(i);
            if (BEGIN.matcher(sql).matches()) {
                begins.add(i);
            } else if (ENDING.matcher(sql).matches()) {
                ends.add(i);
            } else if (!sql.isEmpty()) {
                readsOnly &= reads(sql);
            }
        }
        if (readsOnly
                || (begins.size() == 1
                        && READ_ONLY.matcher(sql(begins.getFirst())).matches())) {
            return new Form.Reads(begins.isEmpty() && ends.isEmpty());
        }
        if (begins.isEmpty() && ends.isEmpty()) {
            return new Form.Bare();
        }
        return obstacle(begins, ends)
                .<Form>map(line -> new Form.Other(line.line(), line.message()))
                .orElseGet(() -> new Form.Block(begins.getFirst(), ends.getFirst(), modes(begins.getFirst())));
    }

    private Optional<ScriptProblem> obstacle(List<Integer> begins, List<Integer> ends) {
        if (begins.size() != 1 || ends.size() != 1 || begins.getFirst() > ends.getFirst()) {
            int at = begins.size() > 1 ? begins.get(1) : ends.isEmpty() ? begins.getFirst() : ends.getLast();
            return Optional.of(at(at, "it is not one BEGIN with one COMMIT after it"));
        }
        int begin = begins.getFirst();
        int end = ends.getFirst();
        if (!COMMIT.matcher(sql(end)).matches()) {
            return Optional.of(at(end, "the transaction does not end with a plain COMMIT"));
        }
        OptionalInt conditional = conditional(begin, end);
        if (conditional.isPresent()) {
            return Optional.of(at(conditional.getAsInt(), "BEGIN or COMMIT is inside an \\if"));
        }
        for (int i = 0; i < commands.size(); i++) {
            if ((i < begin || i > end) && !sql(i).isEmpty()) {
                return Optional.of(at(i, "a statement is outside of BEGIN and COMMIT"));
            }
        }
        return Optional.empty();
    }

    private OptionalInt conditional(int begin, int end) {
        int depth = 0;
        for (int i = 0; i <= end; i++) {
            switch (commands.get(i)) {
                case Command.If each -> depth++;
                case Command.EndIf each -> depth--;
                case Command.Sql each -> {
                    if (depth > 0 && (i == begin || i == end)) {
                        return OptionalInt.of(i);
                    }
                }
                case Command.Copy each -> {}
                case Command.Assign each -> {}
                case Command.Sleep each -> {}
                case Command.ElseIf each -> {}
                case Command.Else each -> {}
            }
        }
        return OptionalInt.empty();
    }

    private ScriptProblem at(int index, String message) {
        return new ScriptProblem(name, commands.get(index).line(), message);
    }

    private String modes(int begin) {
        Matcher matcher = BEGIN.matcher(sql(begin));
        return matcher.matches() ? matcher.group("modes").strip() : "";
    }

    /** The statement at this place as it stands in the script; empty for a meta command. */
    private String sql(int index) {
        return switch (commands.get(index)) {
            case Command.Sql sql -> sql.text().substituted(NOTHING_SET);
            case Command.Copy copy -> copy.text().substituted(NOTHING_SET);
            case Command.Assign each -> "";
            case Command.Sleep each -> "";
            case Command.If each -> "";
            case Command.ElseIf each -> "";
            case Command.Else each -> "";
            case Command.EndIf each -> "";
        };
    }

    private static boolean reads(String sql) {
        Matcher word = FIRST_WORD.matcher(sql);
        return word.lookingAt() && READING.contains(word.group(1).toLowerCase(Locale.ROOT));
    }

    /** What a script makes of transactions. */
    public sealed interface Form {
        /** One transaction: meta commands may be outside of it, statements are not. */
        record Block(int begin, int commit, String modes) implements Form {}

        /** Statements without BEGIN; some may write. */
        record Bare() implements Form {}

        /** By the words its statements begin with, it only reads; bare when it has no BEGIN. */
        record Reads(boolean bare) implements Form {}

        /** Anything else, with the line and the reason. */
        record Other(int line, String reason) implements Form {}
    }
}

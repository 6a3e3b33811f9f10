package org.pgrehearse.scenarios.script;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a script as pgbench does, and says of each line that cannot be read why. For one use. */
final class ScriptParser {
    private static final String TRANSACTION_NOTE = "; pgrehearse runs scripts without it";

    private static final Pattern COPY = Pattern.compile("(?is)\\s*copy\\s.*\\sfrom\\s+stdin\\s*");

    private final String file;
    private final String text;
    private final List<Command> commands = new ArrayList<>();
    private final List<ScriptProblem> problems = new ArrayList<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private int at;
    private int statementFrom;
    private int parentheses;

    ScriptParser(String file, String text) {
        this.file = file;
        this.text = text;
    }

    Script parse() throws InvalidScript {
        while (at < text.length()) {
            step();
        }
        endStatement();
        for (Command command : commands) {
            if (command instanceof Command.Sql sql && copies(sql)) {
                problem(sql.line(), "COPY … FROM STDIN needs \\rows behind it, which gives it its rows");
            }
        }
        if (!open.isEmpty()) {
            problem(open.peek().line(), "\\if without \\endif");
        }
        if (commands.stream().noneMatch(each -> each instanceof Command.Sql || each instanceof Command.Copy)
                && problems.isEmpty()) {
            problem(1, "holds no statement");
        }
        if (!problems.isEmpty()) {
            throw new InvalidScript(problems);
        }
        return new Script(file, commands);
    }

    private void step() {
        char each = text.charAt(at);
        int end = SqlScanner.skip(text, at);
        if (end > at) {
            requireClosed(end);
            at = end;
        } else if (each == '\\') {
            if (text.startsWith("\\;", at)) {
                problem(lineAt(at), "\\; (statements sent together) is not supported; end each with a semicolon");
                at += 2;
            } else {
                endStatement();
                metaCommand();
            }
        } else {
            parentheses += each == '(' ? 1 : each == ')' ? -1 : 0;
            if (each == ';' && parentheses <= 0) {
                endStatement();
                statementFrom = at + 1;
            }
            at++;
        }
    }

    private void requireClosed(int end) {
        char first = text.charAt(at);
        boolean closed = switch (first) {
            case '\'', '"' -> end - at > 1 && text.charAt(end - 1) == first;
            case '/' -> text.startsWith("*/", end - 2) && end - at > 3;
            case '$' -> text.charAt(end - 1) == '$';
            default -> true;
        };
        if (end == text.length() && !closed) {
            problem(lineAt(at), "what begins with " + first + " is never closed");
        }
    }

    private void endStatement() {
        String raw = text.substring(Math.min(statementFrom, at), at);
        int lead = lead(raw);
        String sql = raw.substring(lead).strip();
        if (!sql.isEmpty()) {
            commands.add(new Command.Sql(lineAt(statementFrom + lead), SqlText.of(sql), Command.Keep.NOTHING, ""));
        }
        statementFrom = at;
        parentheses = 0;
    }

    /** How much blank space and how many comments come before the statement. */
    private static int lead(String raw) {
        int lead = 0;
        while (lead < raw.length()) {
            boolean comment = raw.startsWith("--", lead) || raw.startsWith("/*", lead);
            if (comment) {
                lead = SqlScanner.skip(raw, lead);
            } else if (Character.isWhitespace(raw.charAt(lead))) {
                lead++;
            } else {
                return lead;
            }
        }
        return lead;
    }

    private void metaCommand() {
        int line = lineAt(at);
        StringBuilder whole = new StringBuilder();
        boolean more = true;
        while (more) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end;
            String part = text.substring(at, end).stripTrailing();
            more = part.endsWith("\\") && part.length() > 1 && end < text.length();
            whole.append(more ? part.substring(0, part.length() - 1) + " " : part);
            at = Math.min(text.length(), end + 1);
        }
        statementFrom = at;
        String[] words = whole.substring(1).strip().split("\\s+", 2);
        meta(line, words[0].toLowerCase(Locale.ROOT), words.length > 1 ? words[1].strip() : "");
    }

    private void meta(int line, String name, String rest) {
        try {
            switch (name) {
                case "set" -> assign(line, rest);
                case "sleep" -> sleep(line, rest);
                case "if" -> {
                    commands.add(new Command.If(line, ExpressionParser.parse(rest)));
                    open.push(new Open(line, false));
                }
                case "elif" -> {
                    requireOpen(line, "\\elif");
                    commands.add(new Command.ElseIf(line, ExpressionParser.parse(rest)));
                }
                case "else" -> {
                    requireOpen(line, "\\else");
                    commands.add(new Command.Else(line));
                    replaceOpen(line);
                }
                case "endif" -> {
                    if (open.isEmpty()) {
                        problem(line, "\\endif without \\if");
                    } else {
                        open.pop();
                    }
                    commands.add(new Command.EndIf(line));
                }
                case "rows" -> rows(line, rest);
                case "gset" -> keep(line, Command.Keep.ONE_ROW, rest);
                case "aset" -> keep(line, Command.Keep.LAST_ROW, rest);
                case "setshell", "shell" ->
                    problem(line, "\\" + name + " runs programs on this machine" + TRANSACTION_NOTE);
                case "startpipeline", "endpipeline", "syncpipeline" ->
                    problem(line, "\\" + name + " needs pipelines, which the driver has not" + TRANSACTION_NOTE);
                default -> problem(line, "invalid command \\" + name);
            }
        } catch (ExpressionParser.SyntaxError e) {
            problem(line, "cannot read the expression of \\" + name + ": " + e.getMessage());
        }
    }

    private void assign(int line, String rest) throws ExpressionParser.SyntaxError {
        String[] parts = rest.split("\\s+", 2);
        if (!Variables.isName(parts[0])) {
            problem(line, "\\set needs a name of letters, digits and underscores");
        } else if (parts.length < 2) {
            problem(line, "\\set " + parts[0] + " needs an expression");
        } else {
            commands.add(new Command.Assign(line, parts[0], ExpressionParser.parse(parts[1])));
        }
    }

    private void sleep(int line, String rest) throws ExpressionParser.SyntaxError {
        String spaced = rest.replaceFirst("^(\\d+)(us|ms|s)$", "$1 $2");
        String[] parts = spaced.split("\\s+", -1);
        if (parts.length > 2 || !parts[0].matches(":[\\p{L}\\d_]+|\\d+")) {
            problem(line, "\\sleep needs a whole number or a variable, and us, ms or s");
            return;
        }
        Duration unit = switch (parts.length > 1 ? parts[1] : "s") {
            case "us" -> Duration.ofNanos(1_000);
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            default -> Duration.ZERO;
        };
        if (unit.isZero()) {
            problem(line, "\\sleep knows the units us, ms and s, not \"" + parts[1] + "\"");
        } else {
            commands.add(new Command.Sleep(line, ExpressionParser.parse(parts[0]), unit));
        }
    }

    private void rows(int line, String rest) throws ExpressionParser.SyntaxError {
        String[] parts = rest.split("\\s+", 2);
        if (parts.length < 2 || !parts[0].matches(":[\\p{L}\\d_]+|\\d+")) {
            problem(line, "\\rows needs a whole number or a variable, and an expression for each column");
        } else if (!commands.isEmpty() && commands.getLast() instanceof Command.Sql sql && copies(sql)) {
            List<Expression> values = ExpressionParser.parseAll(parts[1]);
            Expression count = ExpressionParser.parse(parts[0]);
            commands.set(commands.size() - 1, new Command.Copy(sql.line(), sql.text(), count, values));
        } else {
            problem(line, "\\rows must follow a statement COPY … FROM STDIN without options");
        }
    }

    private static boolean copies(Command.Sql sql) {
        return COPY.matcher(sql.text().substituted(new Variables(Map.of()))).matches();
    }

    private void keep(int line, Command.Keep keep, String prefix) {
        String name = keep == Command.Keep.ONE_ROW ? "\\gset" : "\\aset";
        if (!prefix.isEmpty() && !Variables.isName(prefix)) {
            problem(line, name + " takes one prefix of letters, digits and underscores");
        } else if (!commands.isEmpty()
                && commands.getLast() instanceof Command.Sql sql
                && sql.keep() == Command.Keep.NOTHING) {
            commands.set(commands.size() - 1, new Command.Sql(sql.line(), sql.text(), keep, prefix));
        } else {
            problem(line, name + " must follow a statement");
        }
    }

    private void requireOpen(int line, String name) {
        if (open.isEmpty()) {
            problem(line, name + " without \\if");
        } else if (open.peek().otherwise()) {
            problem(line, name + " after \\else");
        }
    }

    private void replaceOpen(int line) {
        if (!open.isEmpty()) {
            open.pop();
            open.push(new Open(line, true));
        }
    }

    private void problem(int line, String message) {
        problems.add(new ScriptProblem(file, line, message));
    }

    private int lineAt(int position) {
        return 1
                + (int) text.substring(0, Math.min(position, text.length()))
                        .chars()
                        .filter(each -> each == '\n')
                        .count();
    }

    /** An {@code \if} whose {@code \endif} is still to come. */
    private record Open(int line, boolean otherwise) {}
}

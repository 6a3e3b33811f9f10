package org.pgrehearse.scenarios.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one expression, with pgbench's operators and their precedence. For one use. */
final class ExpressionParser {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(?<real>\\d+\\.\\d*(?:[eE][+-]?\\d+)?|\\.\\d+(?:[eE][+-]?\\d+)?|\\d+[eE][+-]?\\d+)"
                    + "|(?<int>\\d+)|(?<variable>:[\\p{L}\\d_]+)|(?<word>[A-Za-z_][A-Za-z0-9_]*)"
                    + "|(?<sign><=|>=|<>|!=|<<|>>|[-+*/%=<>&|#~(),]))");
    private static final int DEPTH_MAX = 200;
    private static final int UNARY = 9;

    private static final int NOT_BINDS = 3;
    private static final int IS_BINDS = 4;
    private static final Map<String, Operator> OPERATORS = Map.ofEntries(
            Map.entry("or", new Operator(1, Function.OR)),
            Map.entry("and", new Operator(2, Function.AND)),
            Map.entry("<", new Operator(5, Function.LESS)),
            Map.entry(">", new Operator(5, Function.LESS)),
            Map.entry("<=", new Operator(5, Function.LESS_OR_EQUAL)),
            Map.entry(">=", new Operator(5, Function.LESS_OR_EQUAL)),
            Map.entry("=", new Operator(5, Function.EQUAL)),
            Map.entry("<>", new Operator(5, Function.UNEQUAL)),
            Map.entry("!=", new Operator(5, Function.UNEQUAL)),
            Map.entry("|", new Operator(6, Function.BIT_OR)),
            Map.entry("#", new Operator(6, Function.BIT_XOR)),
            Map.entry("&", new Operator(6, Function.BIT_AND)),
            Map.entry("<<", new Operator(6, Function.SHIFT_LEFT)),
            Map.entry(">>", new Operator(6, Function.SHIFT_RIGHT)),
            Map.entry("+", new Operator(7, Function.ADD)),
            Map.entry("-", new Operator(7, Function.SUBTRACT)),
            Map.entry("*", new Operator(8, Function.MULTIPLY)),
            Map.entry("/", new Operator(8, Function.DIVIDE)),
            Map.entry("%", new Operator(8, Function.MOD)));

    private final List<String> tokens;
    private int next;
    private int depth;

    private ExpressionParser(List<String> tokens) {
        this.tokens = tokens;
    }

    static Expression parse(String text) throws SyntaxError {
        ExpressionParser parser = new ExpressionParser(tokens(text));
        Expression expression = parser.expression(0);
        if (!parser.peek().isEmpty()) {
            throw new SyntaxError("unexpected \"" + parser.peek() + "\"");
        }
        return expression;
    }

    /** Reads several, with commas between them. */
    static List<Expression> parseAll(String text) throws SyntaxError {
        ExpressionParser parser = new ExpressionParser(tokens(text));
        List<Expression> expressions = new ArrayList<>();
        expressions.add(parser.expression(0));
        while (parser.peek().equals(",")) {
            parser.next++;
            expressions.add(parser.expression(0));
        }
        if (!parser.peek().isEmpty()) {
            throw new SyntaxError("unexpected \"" + parser.peek() + "\"");
        }
        return expressions;
    }

    private static List<String> tokens(String text) throws SyntaxError {
        List<String> tokens = new ArrayList<>();
        String stripped = text.strip();
        Matcher matcher = TOKEN.matcher(stripped);
        int at = 0;
        while (at < stripped.length()) {
            if (!matcher.region(at, stripped.length()).lookingAt()) {
                throw new SyntaxError("unexpected character \"" + stripped.charAt(at) + "\"");
            }
            String token = matcher.group().strip();
            tokens.add(matcher.group("word") == null ? token : token.toLowerCase(Locale.ROOT));
            at = matcher.end();
        }
        return tokens;
    }

    private Expression expression(int weakest) throws SyntaxError {
        if (++depth > DEPTH_MAX) {
            throw new SyntaxError("nested more than " + DEPTH_MAX + " deep");
        }
        Expression left = prefix();
        boolean more = true;
        while (more) {
            String token = peek();
            Operator operator = OPERATORS.get(token);
            if (operator != null && operator.binds() > weakest) {
                next++;
                left = binary(token, operator, left);
            } else if (IS_BINDS > weakest
                    && (token.equals("is") || token.equals("isnull") || token.equals("notnull"))) {
                next++;
                left = is(token, left);
            } else {
                more = false;
            }
        }
        depth--;
        return left;
    }

    private Expression binary(String token, Operator operator, Expression left) throws SyntaxError {
        Expression right = expression(operator.binds());
        boolean swapped = token.equals(">") || token.equals(">=");
        return new Expression.Call(operator.function(), swapped ? List.of(right, left) : List.of(left, right));
    }

    private Expression is(String token, Expression left) throws SyntaxError {
        boolean negated = token.equals("notnull");
        Value expected = Value.none();
        if (token.equals("is")) {
            negated = peek().equals("not");
            if (negated) {
                next++;
            }
            expected = switch (take()) {
                case "null" -> Value.none();
                case "true" -> Value.of(true);
                case "false" -> Value.of(false);
                default -> throw new SyntaxError("IS needs NULL, TRUE or FALSE");
            };
        }
        Expression is = new Expression.Call(Function.IS, List.of(left, new Expression.Constant(expected)));
        return negated ? new Expression.Call(Function.NOT, List.of(is)) : is;
    }

    private Expression prefix() throws SyntaxError {
        String token = take();
        return switch (token) {
            case "" -> throw new SyntaxError("ends too early");
            case "(" -> {
                Expression inside = expression(0);
                expect(")");
                yield inside;
            }
            case "-" -> negative();
            case "+" -> expression(UNARY);
            case "~" -> new Expression.Call(Function.BIT_XOR, List.of(expression(UNARY), constant(Value.of(-1L))));
            case "not" -> new Expression.Call(Function.NOT, List.of(expression(NOT_BINDS - 1)));
            case "case" -> cases();
            case "null" -> constant(Value.none());
            case "true" -> constant(Value.of(true));
            case "false" -> constant(Value.of(false));
            default -> operand(token);
        };
    }

    private Expression negative() throws SyntaxError {
        if (peek().equals("9223372036854775808")) {
            next++;
            return constant(Value.of(Long.MIN_VALUE));
        }
        return new Expression.Call(Function.SUBTRACT, List.of(constant(Value.of(0L)), expression(UNARY)));
    }

    private Expression operand(String token) throws SyntaxError {
        char first = token.charAt(0);
        if (first == ':') {
            return new Expression.Variable(token.substring(1));
        }
        if (Character.isDigit(first) || first == '.') {
            return constant(number(token));
        }
        if (Character.isLetter(first) || first == '_') {
            return call(token);
        }
        throw new SyntaxError("unexpected \"" + token + "\"");
    }

    private static Value number(String token) throws SyntaxError {
        try {
            return token.chars().allMatch(Character::isDigit)
                    ? Value.of(Long.parseLong(token))
                    : Value.of(Double.parseDouble(token));
        } catch (NumberFormatException e) {
            throw new SyntaxError("\"" + token + "\" is out of range");
        }
    }

    private Expression call(String name) throws SyntaxError {
        Function function = Function.named(name)
                .orElseThrow(() -> new SyntaxError(
                        name.equals("permute")
                                ? "permute is not supported; scatter keys with hash and mod"
                                : "unknown function \"" + name + "\""));
        expect("(");
        List<Expression> arguments = new ArrayList<>();
        if (!peek().equals(")")) {
            arguments.add(expression(0));
            while (peek().equals(",")) {
                next++;
                arguments.add(expression(0));
            }
        }
        expect(")");
        if (!function.takes(arguments.size())) {
            throw new SyntaxError("unexpected number of arguments (" + arguments.size() + ") of \"" + name + "\"");
        }
        return new Expression.Call(function, arguments);
    }

    private Expression cases() throws SyntaxError {
        List<Expression.Branch> branches = new ArrayList<>();
        while (peek().equals("when")) {
            next++;
            Expression condition = expression(0);
            expect("then");
            branches.add(new Expression.Branch(condition, expression(0)));
        }
        if (branches.isEmpty()) {
            throw new SyntaxError("CASE needs WHEN");
        }
        Expression otherwise = constant(Value.none());
        if (peek().equals("else")) {
            next++;
            otherwise = expression(0);
        }
        expect("end");
        return new Expression.Case(branches, otherwise);
    }

    private static Expression constant(Value value) {
        return new Expression.Constant(value);
    }

    private void expect(String token) throws SyntaxError {
        String found = take();
        if (!found.equals(token)) {
            throw new SyntaxError(
                    "expected \"" + token + "\", found " + (found.isEmpty() ? "the end" : "\"" + found + "\""));
        }
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private String take() {
        String token = peek();
        next++;
        return token;
    }

    /** An operator between two operands; the greater {@code binds}, the tighter. */
    private record Operator(int binds, Function function) {}

    /** An expression that cannot be read. */
    static final class SyntaxError extends Exception {
        private static final long serialVersionUID = 1L;

        SyntaxError(String message) {
            super(message);
        }
    }
}

package org.pgrehearse.scenarios.ids;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one statement, for {@link IdStatement}. Not thread-safe. */
final class IdReader {
    private static final Set<String> EQUAL = Set.of("=", "<>", "!=");

    private final List<Token> tokens;
    private final IdCatalog catalog;
    private final IdScope scope;
    private final List<IdStatement.Place> places = new ArrayList<>();
    private final Set<Token> taken = new HashSet<>();

    IdReader(List<Token> tokens, IdCatalog catalog) {
        this.tokens = tokens;
        this.catalog = catalog;
        this.scope = new IdScope(tokens, catalog);
    }

    IdStatement read() {
        for (int i = 0; i < tokens.size(); i++) {
            compare(i);
        }
        List<@Nullable String> answer = new ArrayList<>();
        List<String> copied = List.of();
        String drawn = "";
        if (at(0).is("insert") && at(1).is("into")) {
            drawn = insert(answer);
        } else if (at(0).is("select")) {
            drawn = draw(answer);
        } else if (at(0).is("copy")) {
            copied = copy();
        }
        List<Token> others = tokens.stream()
                .filter(token -> token.isValue() && !taken.contains(token))
                .toList();
        return new IdStatement(List.copyOf(places), others, answer, copied, drawn);
    }

    private Token at(int i) {
        return i >= 0 && i < tokens.size() ? tokens.get(i) : new Token(Token.Kind.SYMBOL, "", -1, -1);
    }

    /** Looks for a comparison whose operator is here. */
    private void compare(int i) {
        if (tokens.get(i).kind() == Token.Kind.SYMBOL
                && EQUAL.contains(tokens.get(i).text())) {
            Optional<String> left = columnBefore(i - 1);
            if (left.isPresent() && at(i + 1).is("any") && at(i + 2).is("(")) {
                value(i + 3, left.orElseThrow(), true);
            } else if (left.isPresent()) {
                value(i + 1, left.orElseThrow(), false);
            } else {
                valueBefore(i);
            }
        } else if (tokens.get(i).is("in") && at(i + 1).is("(")) {
            Optional<String> left = columnBefore(at(i - 1).is("not") ? i - 2 : i - 1);
            int end = i + 1;
            while (left.isPresent() && (at(end).is("(") || at(end).is(","))) {
                end = value(end + 1, left.orElseThrow(), false);
            }
        }
    }

    /** The ids of a column whose name ends here and which is no part of an expression. */
    private Optional<String> columnBefore(int end) {
        if (!at(end).isName()) {
            return Optional.empty();
        }
        boolean dotted = at(end - 1).is(".") && at(end - 2).isName();
        int start = dotted ? end - 2 : end;
        return isOperand(at(start - 1)) ? scope.ids(dotted ? at(start).text() : "", at(end).text()) : Optional.empty();
    }

    /** Whether what stands before or behind a value leaves it alone. */
    private static boolean isOperand(Token beside) {
        return beside.kind() == Token.Kind.WORD
                || beside.start() < 0
                || beside.is("(")
                || beside.is(")")
                || beside.is(",")
                || beside.is(";")
                || beside.is("]");
    }

    /** A value that stands alone before the operator, with a column behind it. */
    private void valueBefore(int operator) {
        Token value = at(operator - 1);
        int end = operator + (at(operator + 2).is(".") ? 3 : 1);
        if (value.isValue() && isOperand(at(operator - 2)) && at(end).isName() && isOperand(at(end + 1))) {
            Optional<String> ids =
                    scope.ids(end > operator + 1 ? at(operator + 1).text() : "", at(end).text());
            ids.ifPresent(each -> add(value, each, false));
        }
    }

    /** Takes a value that begins here and stands alone; returns the position behind it. */
    private int value(int i, String ids, boolean array) {
        if (!at(i).isValue()) {
            return i;
        }
        int end = behindCast(i + 1);
        if (isOperand(at(end))) {
            add(at(i), ids, array);
        }
        return end;
    }

    private int behindCast(int from) {
        int end = from;
        if (at(end).is("::") && at(end + 1).isName()) {
            end += 2;
            if (at(end).is("[") && at(end + 1).is("]")) {
                end += 2;
            }
        }
        return end;
    }

    private void add(Token value, String ids, boolean array) {
        add(value, ids, array, false);
    }

    private void add(Token value, String ids, boolean array, boolean home) {
        if (taken.add(value)) {
            places.add(new IdStatement.Place(value, ids, array, home));
        }
    }

    /** Reads an INSERT; returns which ids are drawn for it. */
    private String insert(List<@Nullable String> answer) {
        int i = at(3).is(".") ? 5 : 3;
        String name = at(3).is(".") ? at(2).text() + "." + at(4).text() : at(2).text();
        Optional<String> target = catalog.relation(name);
        if (target.isEmpty() || catalog.columns(target.orElseThrow()).isEmpty()) {
            return "";
        }
        String table = target.orElseThrow();
        i = at(i).is("as") ? i + 2 : i;
        List<String> columns = new ArrayList<>();
        if (at(i).is("(") && !at(i + 1).is("select")) {
            i = names(i, columns);
        } else {
            columns.addAll(catalog.columns(table));
        }
        i = at(i).is("overriding") ? i + 3 : i;
        Set<String> given = new HashSet<>(columns);
        if (at(i).is("default") && at(i + 1).is("values")) {
            given.clear();
            i += 2;
        } else if (at(i).is("values")) {
            i = rows(i + 1, table, columns, given);
        }
        answer(table, given, i, answer);
        return catalog.fedColumn(table)
                .filter(column -> !given.contains(column))
                .map(column -> catalog.ids(table + "." + column))
                .orElse("");
    }

    private int names(int open, List<String> names) {
        int i = open;
        while ((at(i).is("(") || at(i).is(",")) && at(i + 1).isName()) {
            names.add(at(i + 1).text());
            i += 2;
        }
        return at(i).is(")") ? i + 1 : i;
    }

    /** Reads the rows of VALUES; a column that is DEFAULT in each is not given. */
    private int rows(int from, String table, List<String> columns, Set<String> given) {
        Set<String> defaults = new HashSet<>(columns);
        int i = from;
        while (at(i).is("(") || (at(i).is(",") && at(i + 1).is("("))) {
            i = at(i).is(",") ? i + 1 : i;
            int column = 0;
            int depth = 0;
            do {
                boolean opens = depth == 1 ? at(i - 1).is(",") || at(i - 1).is("(") : false;
                if (opens && column < columns.size()) {
                    String name = columns.get(column);
                    if (!at(i).is("default")) {
                        defaults.remove(name);
                    }
                    int end = behindCast(i + 1);
                    if (at(i).isValue() && (at(end).is(",") || at(end).is(")"))) {
                        add(at(i), catalog.ids(table + "." + name), false, catalog.generates(table, name));
                    }
                }
                column += depth == 1 && at(i).is(",") ? 1 : 0;
                depth += at(i).is("(") ? 1 : at(i).is(")") ? -1 : 0;
                i++;
            } while (depth > 0 && i < tokens.size());
        }
        given.removeAll(defaults);
        return i;
    }

    private void answer(String table, Set<String> given, int from, List<@Nullable String> answer) {
        int i = from;
        while (i < tokens.size() && !at(i).is("returning")) {
            i++;
        }
        List<@Nullable String> found = new ArrayList<>();
        for (i++; i < tokens.size(); i = behindExpression(i)) {
            int name = at(i + 1).is(".") ? i + 2 : i;
            if (at(name).is("*")) {
                catalog.columns(table).forEach(column -> found.add(generated(table, column, given)));
            } else {
                boolean alone = at(name).isName()
                        && (at(name + 1).start() < 0
                                || at(name + 1).is(",")
                                || at(name + 1).is(";")
                                || at(name + 1).is("as"));
                found.add(alone ? generated(table, at(name).text(), given) : null);
            }
        }
        if (found.stream().anyMatch(each -> each != null)) {
            answer.addAll(found);
        }
    }

    private @Nullable String generated(String table, String column, Set<String> given) {
        return !given.contains(column) && catalog.generates(table, column) ? catalog.ids(table + "." + column) : null;
    }

    private int behindExpression(int from) {
        int depth = 0;
        int i = from;
        while (i < tokens.size() && (depth > 0 || !at(i).is(","))) {
            depth += at(i).is("(") ? 1 : at(i).is(")") ? -1 : 0;
            i++;
        }
        return i + 1;
    }

    /** Reads a SELECT that draws from sequences; returns which ids it draws. */
    private String draw(List<@Nullable String> answer) {
        String drawn = "";
        List<@Nullable String> found = new ArrayList<>();
        for (int i = 1; i < tokens.size(); i = behindExpression(i)) {
            String ids = null;
            if (at(i).is("lastval") && at(i + 1).is("(")) {
                ids = IdStatement.LAST;
            } else if ((at(i).is("nextval") || at(i).is("currval"))
                    && at(i + 1).is("(")
                    && at(i + 2).kind() == Token.Kind.STRING
                    && at(behindCast(i + 3)).is(")")) {
                ids = catalog.relation(at(i + 2).text().replace("\"", ""))
                        .map(catalog::ids)
                        .orElse(null);
                drawn = at(i).is("nextval") && ids != null ? ids : drawn;
            }
            found.add(ids);
        }
        if (found.stream().anyMatch(each -> each != null)) {
            answer.addAll(found);
        }
        return drawn;
    }

    private List<String> copy() {
        int i = at(2).is(".") ? 4 : 2;
        Optional<String> table = catalog.relation(at(2).is(".") ? at(1).text() + "." + at(3).text() : at(1).text());
        if (table.isEmpty()) {
            return List.of();
        }
        List<String> columns = new ArrayList<>();
        if (at(i).is("(")) {
            names(i, columns);
        } else {
            columns.addAll(catalog.columns(table.orElseThrow()));
        }
        return columns.stream()
                .map(column -> catalog.ids(table.orElseThrow() + "." + column))
                .toList();
    }
}

package org.pgrehearse.scenarios.ids;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tables that a statement names, by their aliases. A name that may be of several is of none. Not thread-safe. */
final class IdScope {
    private static final Set<String> BEHIND_TABLES = Set.of(
            "set",
            "where",
            "values",
            "select",
            "on",
            "using",
            "join",
            "left",
            "right",
            "inner",
            "outer",
            "full",
            "cross",
            "natural",
            "group",
            "order",
            "limit",
            "offset",
            "returning",
            "for",
            "union",
            "default",
            "as",
            "having",
            "window",
            "overriding",
            "tablesample",
            "fetch",
            "intersect",
            "except",
            "with",
            "when",
            "table",
            "lateral",
            "of",
            "nowait",
            "skip",
            "from",
            "to");
    private static final Set<String> BEFORE_TABLES = Set.of("from", "join", "into", "update", "using", "copy");

    private final List<Token> tokens;
    private final IdCatalog catalog;
    private final Map<String, String> tables = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private boolean unknownTable;

    IdScope(List<Token> tokens, IdCatalog catalog) {
        this.tokens = tokens;
        this.catalog = catalog;
        findTables();
    }

    private Token at(int i) {
        return i >= 0 && i < tokens.size() ? tokens.get(i) : new Token(Token.Kind.SYMBOL, "", -1, -1);
    }

    private void findTables() {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).kind() == Token.Kind.WORD
                    && BEFORE_TABLES.contains(tokens.get(i).text())) {
                int next = table(i + 1);
                for (int more = 0; more < tokens.size() && next > 0 && at(next).is(","); more++) {
                    next = table(next + 1);
                }
            }
        }
    }

    /** Reads a table and its alias; returns where it ends, -1 when there is none. */
    private int table(int from) {
        int i = at(from).is("only") ? from + 1 : from;
        if (!at(i).isName() || (at(i).kind() == Token.Kind.WORD && BEHIND_TABLES.contains(at(i).text()))) {
            unknownTable |= at(i).is("lateral");
            return -1;
        }
        String name = at(i).text();
        String bare = name;
        i++;
        if (at(i).is(".") && at(i + 1).isName()) {
            bare = at(i + 1).text();
            name = name + "." + bare;
            i += 2;
        }
        Optional<String> table = at(i).is("(") && !isInto(from) ? Optional.empty() : catalog.relation(name);
        i = at(i).is("as") ? i + 1 : i;
        String alias = bare;
        if (at(i).isName() && !(at(i).kind() == Token.Kind.WORD && BEHIND_TABLES.contains(at(i).text()))) {
            alias = at(i).text();
            i++;
        }
        if (table.isEmpty() || catalog.columns(table.orElseThrow()).isEmpty()) {
            unknownTable = true;
            return i;
        }
        String before = tables.put(alias, table.orElseThrow());
        if (before != null && !before.equals(table.orElseThrow())) {
            unknownTable = true;
            tables.remove(alias);
        }
        known.add(table.orElseThrow());
        return i;
    }

    private boolean isInto(int from) {
        return at(from - 1).is("into") || at(from - 1).is("copy");
    }

    /** The ids of a column; none when it is not known, or not known of which table it is. */
    Optional<String> ids(String alias, String column) {
        if (!alias.isEmpty()) {
            String table = tables.get(alias);
            return table == null || !catalog.columns(table).contains(column)
                    ? Optional.empty()
                    : Optional.of(catalog.ids(table + "." + column));
        }
        if (unknownTable) {
            return Optional.empty();
        }
        Set<String> found = new HashSet<>();
        known.stream()
                .filter(table -> catalog.columns(table).contains(column))
                .forEach(table -> found.add(catalog.ids(table + "." + column)));
        return found.size() == 1 ? found.stream().findFirst() : Optional.empty();
    }
}

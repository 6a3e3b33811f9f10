package org.pgrehearse.scenarios.script;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statements of a script that return the keys of a table's rows: {@code DELETE FROM t … RETURNING} and
 * {@code INSERT INTO t … RETURNING}. Immutable.
 */
public final class KeyStatements {
    private static final Pattern TABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*(?:\\.[A-Za-z_][A-Za-z0-9_$]*)?");

    private final String table;
    private final Pattern pattern;

    /** Those of a table, named as the statements name it; none when the name is empty. */
    public KeyStatements(String table) {
        this.table = table;
        this.pattern = Pattern.compile("(?is)\\s*(?<verb>delete\\s+from|insert\\s+into)\\s+(?:only\\s+)?"
                + Pattern.quote(table) + "(?![\\w.$\"]).*\\breturning\\b.*");
    }

    /** Whether a text can name a table here: an unquoted name, with its schema or without. */
    public static boolean isTable(String text) {
        return TABLE.matcher(text).matches();
    }

    /** The table. */
    public String table() {
        return table;
    }

    /** What the rows that a statement returns are keys of. */
    public Kind kind(SqlText text) {
        if (table.isEmpty()) {
            return Kind.NEITHER;
        }
        Matcher matcher = pattern.matcher(text.parameterized());
        if (!matcher.matches()) {
            return Kind.NEITHER;
        }
        return matcher.group("verb").toLowerCase(Locale.ROOT).startsWith("delete") ? Kind.DELETED : Kind.INSERTED;
    }

    /** Whether any statement of a script returns keys of deleted rows. */
    public boolean deletedIn(Script script) {
        return script.commands().stream()
                .anyMatch(command -> command instanceof Command.Sql sql && kind(sql.text()) == Kind.DELETED);
    }

    /** What became of the rows whose keys a statement returns. */
    public enum Kind {
        /** They were deleted. */
        DELETED,
        /** They were inserted. */
        INSERTED,
        /** It returns no keys. */
        NEITHER
    }
}

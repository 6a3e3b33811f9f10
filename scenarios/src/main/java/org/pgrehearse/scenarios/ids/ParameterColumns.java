package org.pgrehearse.scenarios.ids;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells which column each parameter of a statement is compared with or stored in, where the text proves it. */
public final class ParameterColumns {
    private final IdCatalog catalog;

    private ParameterColumns(IdCatalog catalog) {
        this.catalog = catalog;
    }

    /** For statements of this database, whose columns are read now. */
    public static ParameterColumns of(Connection connection) throws SQLException {
        return new ParameterColumns(IdCatalog.columns(connection));
    }

    /**
     * A column.
     *
     * @param name with schema and table, separated by dots and not quoted
     * @param array whether the parameter holds many of its values
     */
    public record Place(String name, boolean array) {}

    /** A parameter where it stands in the text. */
    public record Spot(int number, int start, int end) {}

    /** The columns by the number of the parameter, from 1. */
    public Map<Integer, Place> places(String sql) {
        Map<Integer, Place> places = new HashMap<>();
        for (IdStatement.Place place : IdStatement.of(sql, catalog).places()) {
            if (place.value().kind() == Token.Kind.PARAMETER) {
                places.putIfAbsent(number(place.value()), new Place(place.ids(), place.array()));
            }
        }
        return places;
    }

    /** Every parameter of a statement in the order of the text, those in strings and comments aside. */
    public static List<Spot> spots(String sql) {
        List<Spot> spots = new ArrayList<>();
        for (Token token : Token.of(sql)) {
            if (token.kind() == Token.Kind.PARAMETER) {
                spots.add(new Spot(number(token), token.start(), token.end()));
            }
        }
        return spots;
    }

    /** The words that a statement begins with and that tell what it does, in lower case; empty for none. */
    public static String verb(String sql) {
        return Token.of(sql).stream().findFirst().map(Token::text).orElse("");
    }

    private static int number(Token parameter) {
        return Integer.parseInt(parameter.text().substring(1));
    }
}

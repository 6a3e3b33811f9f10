package org.pgrehearse.scenarios.ids;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a statement's text proves about ids: which of its values are compared with, or stored in, which column, and
 * which columns of its answer hold values that the server generates. It would rather find nothing than guess. Pure.
 *
 * @param places values whose column is known
 * @param others values whose column is not
 * @param answer for each column of the answer the ids it holds, null where they are not generated; empty when none are
 * @param copied for each column of a COPY from the client the ids it holds; empty for other statements
 * @param drawn the ids that a sequence gives to this statement whether it answers with them or not; empty for none
 */
record IdStatement(
        List<Place> places, List<Token> others, List<@Nullable String> answer, List<String> copied, String drawn) {
    /** What {@code lastval()} answers with depends on the session. */
    static final String LAST = "lastval";

    /**
     * A value in a statement.
     *
     * @param ids those that its column holds
     * @param array whether it holds many of them
     * @param home whether it is stored where the server would have generated one, so that this makes the row
     */
    record Place(Token value, String ids, boolean array, boolean home) {}

    static IdStatement of(String sql, IdCatalog catalog) {
        return new IdReader(Token.of(sql), catalog).read();
    }
}

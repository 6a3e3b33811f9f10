package org.pgrehearse.verifier.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pgrehearse.verifier.catalog.Sequence;

/**
 * How the definitions of two sequences differ.
 *
 * @param notes each difference, such as {@code increment 1 → 2}
 * @param harmful whether the target hands out other values than the source would, or fewer. A wider range, another
 *     cache and another start do not, for a sequence that goes on where the source's ended.
 */
record Definitions(List<String> notes, boolean harmful) {

    static Definitions compare(Sequence source, Sequence target) {
        List<String> notes = new ArrayList<>();
        note(notes, "type", source.type(), target.type());
        note(notes, "increment", source.increment(), target.increment());
        note(notes, "minimum", source.minimum(), target.minimum());
        note(notes, "maximum", source.maximum(), target.maximum());
        note(notes, "start", source.start(), target.start());
        note(notes, "cache", source.cache(), target.cache());
        note(notes, "cycle", source.cycles(), target.cycles());
        boolean narrower = target.minimum() > source.minimum() || target.maximum() < source.maximum();
        boolean harmful = narrower || source.increment() != target.increment() || source.cycles() != target.cycles();
        return new Definitions(notes, harmful);
    }

    private static void note(List<String> notes, String what, Object source, Object target) {
        if (!source.equals(target)) {
            notes.add(what + " " + source + " → " + target);
        }
    }

    Optional<String> text() {
        return notes.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", notes));
    }
}

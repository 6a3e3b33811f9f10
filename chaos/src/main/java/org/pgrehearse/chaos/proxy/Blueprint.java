package org.pgrehearse.chaos.proxy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A proxy as somebody wants it.
 *
 * @param toxics null when nothing was said about toxics
 */
record Blueprint(
        String name,
        Address listen,
        Address upstream,
        boolean enabled,
        @Nullable List<Toxic> toxics) {
    Blueprint {
        toxics = toxics == null ? null : List.copyOf(toxics);
    }

    List<Toxic> toxicsOrNone() {
        return toxics == null ? List.of() : toxics;
    }
}

package org.pgrehearse.chaos;

import java.util.Optional;
import org.pgrehearse.chaos.proxy.Effects;

/** Where the effects of faults can be read. */
@FunctionalInterface
interface EffectsSource {
    /** What the named proxy has done so far; empty when nobody can tell. */
    Optional<Effects> effects(String proxy);
}

package org.pgrehearse.scenarios.fault;

import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.Healing;

/** How a fault is put in place. */
@FunctionalInterface
public interface Injection {
    /** Puts it in place and returns when that is confirmed. */
    Healing inject(Fault fault) throws CannotInject;
}

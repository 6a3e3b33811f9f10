package org.pgrehearse.chaos.schedule;

import org.pgrehearse.chaos.CannotInject;
import org.pgrehearse.chaos.Fault;
import org.pgrehearse.chaos.Healing;

/** How a fault is put in place, such as {@code FaultControl::inject}. */
@FunctionalInterface
public interface Injector {
    /** Puts it in place and returns when that is confirmed. */
    Healing inject(Fault fault) throws CannotInject;
}

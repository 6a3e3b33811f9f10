package org.pgrehearse.chaos;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A fault that is still there, or may be. A run in which this happens has failed. */
public final class CannotHeal extends Exception {
    private CannotHeal(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static CannotHeal of(Fault fault, Throwable cause) {
        return new CannotHeal(
                "Cannot heal " + fault.kind() + " at " + fault.place() + ": " + cause.getMessage(), cause);
    }

    static CannotHeal remaining(List<String> faults) {
        return new CannotHeal(
                "Cannot end without faults: " + String.join(", ", faults) + ". Reset the fault proxy and run again.",
                null);
    }

    static CannotHeal unknown(Throwable cause) {
        return new CannotHeal("Cannot tell whether a fault remains: " + cause.getMessage(), cause);
    }
}

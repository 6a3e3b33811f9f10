package org.pgrehearse.scenarios.workload;

/** How a script's statements are sent, as pgbench's {@code --protocol} names it. */
public enum QueryMode {
    /** As text, with the variables' values in it. */
    SIMPLE,
    /** With parameters, parsed anew each time. */
    EXTENDED,
    /** With parameters, by statements that a connection prepares once. */
    PREPARED
}
